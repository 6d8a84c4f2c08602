package imapsync

import (
	"strings"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// specialUse is RFC 6154.
var specialUse = map[string]mailcore.Role{
	strings.ToLower(string(imap.MailboxAttrAll)):     mailcore.RoleAll,
	strings.ToLower(string(imap.MailboxAttrArchive)): mailcore.RoleArchive,
	strings.ToLower(string(imap.MailboxAttrDrafts)):  mailcore.RoleDrafts,
	strings.ToLower(string(imap.MailboxAttrFlagged)): mailcore.RoleStarred,
	strings.ToLower(string(imap.MailboxAttrJunk)):    mailcore.RoleJunk,
	strings.ToLower(string(imap.MailboxAttrSent)):    mailcore.RoleSent,
	strings.ToLower(string(imap.MailboxAttrTrash)):   mailcore.RoleTrash,
}

// usualNames are what mail programs and providers call the folders of a role, in
// lower case; the likeliest of a role comes first.
var usualNames = []struct {
	role  mailcore.Role
	names []string
}{
	{mailcore.RoleSent, []string{
		"sent", "sent items", "sent messages", "sent mail", "sent-mail", "outbox/sent",
		"gesendet", "gesendete elemente", "gesendete objekte", "gesendete nachrichten",
		"envoyés", "éléments envoyés", "messages envoyés", "objets envoyés",
		"enviados", "elementos enviados", "mensajes enviados", "itens enviados", "enviadas",
		"inviata", "posta inviata", "elementi inviati", "verzonden", "verzonden items",
		"skickat", "skickade", "sendt", "sendte elementer", "sendt post", "lähetetyt",
		"wysłane", "elementy wysłane", "odeslané", "odeslaná pošta", "отправленные",
		"надіслані", "gönderilmiş öğeler", "送信済み", "送信済みアイテム", "已发送", "已发送邮件", "寄件備份", "보낸 편지함",
	}},
	{mailcore.RoleDrafts, []string{
		"drafts", "draft", "entwürfe", "brouillons", "borradores", "rascunhos", "bozze",
		"concepten", "utkast", "kladder", "udkast", "luonnokset", "szkice", "kopie robocze",
		"koncepty", "rozepsané", "черновики", "чернетки", "taslaklar", "下書き", "草稿", "草稿箱", "임시 보관함",
	}},
	{mailcore.RoleTrash, []string{
		"trash", "deleted items", "deleted messages", "deleted", "bin", "papierkorb",
		"gelöschte elemente", "gelöschte objekte", "gelöscht", "corbeille", "éléments supprimés",
		"papelera", "elementos eliminados", "lixeira", "itens excluídos", "cestino", "posta eliminata",
		"prullenbak", "verwijderde items", "papperskorg", "papperskorgen", "papirkurv", "slettet post",
		"roskakori", "kosz", "elementy usunięte", "koš", "корзина", "удаленные", "кошик",
		"çöp kutusu", "silinmiş öğeler", "ゴミ箱", "已删除", "已删除邮件", "垃圾桶", "휴지통",
	}},
	{mailcore.RoleJunk, []string{
		"junk", "spam", "junk e-mail", "junk email", "bulk mail", "bulk", "unerwünscht", "junk-e-mail",
		"spamverdacht", "courrier indésirable", "indésirables", "pourriel", "correo no deseado",
		"lixo eletrônico", "lixo eletrónico", "posta indesiderata", "ongewenste e-mail", "skräppost",
		"søppelpost", "uønsket post", "roskaposti", "wiadomości-śmieci", "nevyžádaná pošta",
		"спам", "нежелательная почта", "önemsiz", "迷惑メール", "垃圾邮件", "垃圾郵件", "스팸",
	}},
	{mailcore.RoleArchive, []string{
		"archive", "archives", "archiv", "archivé", "archivo", "arquivo", "archivio", "archief",
		"arkiv", "arkisto", "archiwum", "архив", "архів", "arşiv", "アーカイブ", "存档", "归档", "封存", "보관함",
	}},
}

// roleByAttribute is what LIST says a folder is for.
func roleByAttribute(l *imap.ListData) mailcore.Role {
	if strings.EqualFold(l.Mailbox, "INBOX") {
		return mailcore.RoleInbox
	}
	for _, a := range l.Attrs {
		if r := specialUse[strings.ToLower(string(a))]; r != mailcore.RoleNone {
			return r
		}
	}
	return mailcore.RoleNone
}

// assignRoles leaves every role to one folder, and guesses by name for those
// that the server gave to none.
func assignRoles(list []store.FolderInfo) {
	taken := map[mailcore.Role]bool{}
	for i := range list {
		r := &list[i].Role
		if *r != mailcore.RoleNone && taken[*r] {
			*r = mailcore.RoleNone
		}
		taken[*r] = true
	}
	for _, u := range usualNames {
		if taken[u.role] {
			continue
		}
		if i := likeliest(list, u.names); i >= 0 {
			list[i].Role = u.role
		}
	}
}

// likeliest finds the folder with the first of names, the one nearest the top.
func likeliest(list []store.FolderInfo, names []string) int {
	best, bestScore := -1, 0
	for i, f := range list {
		if f.Role != mailcore.RoleNone || !f.Selectable {
			continue
		}
		name, depth := lastLevel(f)
		for rank, n := range names {
			score := 1 + rank + depth*len(names)
			if name == n && (best < 0 || score < bestScore) {
				best, bestScore = i, score
			}
		}
	}
	return best
}

func lastLevel(f store.FolderInfo) (name string, depth int) {
	name = f.Path
	if f.Delimiter != "" {
		depth = strings.Count(f.Path, f.Delimiter)
		name = f.Path[strings.LastIndex(f.Path, f.Delimiter)+1:]
	}
	return strings.ToLower(strings.TrimSpace(name)), depth
}
