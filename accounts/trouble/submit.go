package trouble

import "slices"

// senderRows are refusals of the sender or of the way to send, as a rule after
// MAIL FROM. They hold for every message.
var senderRows = []row{
	{name: "sign-in-needed", action: "check-smtp-sign-in", stages: sendStages, signIn: true, match: func(f facts) bool {
		return f.smtp == 530 || f.smtp == 535 || f.status == "5.7.57" || f.says("authentication required", "not authenticated", "authenticate first")
	}},
	{name: "listed", action: "other-smtp", stages: []Stage{Greeting, Sender, Submit}, match: func(f facts) bool {
		return f.smtp >= 400 && f.says("blocked using", "spamhaus", "listed at", "listed by", "listed in", "dnsbl", "client host [", "block list", "blocklist", "your ip")
	}},
	{name: "sending-limit", action: "wait-day", stages: sendStages, temporary: true, match: func(f facts) bool {
		return f.status == "5.4.5" || f.says("sending limit", "sending quota", "daily limit", "hourly limit", "messages per", "sending rate")
	}},
	{name: "sender-refused", action: "check-identity", stages: sendStages, match: func(f facts) bool {
		return f.status == "5.7.60" || f.status == "5.1.8" || f.smtp/100 == 5 && f.says("sender address", "sender denied", "sender rejected", "send as", "sendasdenied", "not owned by", "mail from", "not allowed to send", "invalid sender", "from address")
	}},
	{name: "mailbox-full", action: "make-room", stages: []Stage{Sender}, match: func(f facts) bool {
		return f.smtp == 552 || f.smtp == 452 || f.status == "4.2.2" || f.status == "5.2.2" || f.says("quota", "mailbox full", "mailbox is full")
	}},
	{name: "relay-denied", action: "check-smtp-sign-in", stages: []Stage{Sender}, match: relayDenied},
	{name: "sender-refused", action: "check-identity", stages: []Stage{Sender}, match: func(f facts) bool { return f.smtp/100 == 5 }},
	{name: "unavailable", action: "wait-minutes", stages: []Stage{Sender}, temporary: true, match: func(f facts) bool { return f.smtp/100 == 4 }},
}

func relayDenied(f facts) bool { return f.smtp/100 == 5 && f.says("relay") }

// submitRows are refusals of one message or one of its recipients.
var submitRows = []row{
	{name: "greylisted", action: "wait-resend", stages: []Stage{Submit}, temporary: true, match: func(f facts) bool {
		return f.smtp/100 == 4 && f.says("greylist", "graylist", "grey list")
	}},
	{name: "recipient-full", action: "tell-recipient", stages: []Stage{Submit}, match: func(f facts) bool {
		return f.smtp == 552 && f.status == "5.2.2" || f.smtp/100 == 5 && f.says("mailbox full", "over quota", "mailbox is full", "out of storage")
	}},
	{name: "recipient-full-yet", action: "wait-resend", stages: []Stage{Submit}, temporary: true, match: func(f facts) bool {
		return f.status == "4.2.2" || f.smtp/100 == 4 && f.says("over quota", "mailbox full", "mailbox is full")
	}},
	{name: "server-full", action: "wait-resend", stages: []Stage{Submit}, temporary: true, match: smtpCode(452, 422)},
	{name: "too-big", action: "smaller", stages: []Stage{Submit}, match: func(f facts) bool {
		return f.smtp == 552 || f.status == "5.3.4" || f.smtp == 523 || f.smtp/100 == 5 && f.says("message size", "too large", "too big")
	}},
	{name: "spam", action: "check-text", stages: []Stage{Submit}, match: func(f facts) bool {
		return f.smtp/100 == 5 && f.says("spam", "blacklist", "blocked", "reputation", "virus", "content reject")
	}},
	{name: "no-such-user", action: "check-recipient", stages: []Stage{Submit}, match: func(f facts) bool {
		return slices.Contains([]string{"5.1.1", "5.1.2", "5.1.3", "5.1.10", "5.4.4"}, f.status) ||
			f.smtp/100 == 5 && f.says("no such user", "user unknown", "unknown user", "does not exist", "mailbox unavailable", "recipient address rejected", "recipient rejected", "invalid recipient")
	}},
	{name: "relay-denied", action: "check-smtp-sign-in", stages: []Stage{Submit}, match: relayDenied},
	{name: "closing", action: "wait-resend", stages: []Stage{Submit}, temporary: true, match: smtpCode(421)},
	{name: "busy", action: "wait-resend", stages: []Stage{Submit}, temporary: true, match: smtpCode(450, 451)},
	{name: "try-later", action: "wait-resend", stages: []Stage{Submit}, temporary: true, match: func(f facts) bool { return f.smtp/100 == 4 }},
	{name: "send-refused", action: "check-message", stages: []Stage{Submit}, match: func(f facts) bool { return f.smtp/100 == 5 }},
}
