package style

import "github.com/linnet-mail/linnet/mailcore/htmlpage/css"

// copy takes one property over from another style: the parent's for "inherit",
// the initial one for "initial".
func (k *computing) copy(p css.Prop, from *Style) {
	switch {
	case p <= css.FontVariant:
		k.copyFont(p, from)
	case p <= css.Quotes:
		k.copyText(p, from)
	case p <= css.BoxSizing:
		k.copyBox(p, from)
	case p <= css.RadiusBottomLeft:
		k.copyEdges(p, from)
	default:
		k.copyRest(p, from)
	}
}

func (k *computing) copyFont(p css.Prop, from *Style) {
	switch p {
	case css.ColorProp:
		k.Color = from.Color
	case css.FontSize:
		k.FontSize, k.Keyworded = from.FontSize, from.Keyworded
	case css.FontFamily:
		k.Families = from.Families
	case css.FontStyle:
		k.Italic = from.Italic
	case css.FontWeight:
		k.Weight = from.Weight
	case css.FontVariant:
		k.SmallCaps = from.SmallCaps
	}
}

func (k *computing) copyText(p css.Prop, from *Style) {
	s := k.Style
	switch p {
	case css.LineHeight:
		s.LineHeight = from.LineHeight
	case css.LetterSpacing:
		s.LetterSpacing = from.LetterSpacing
	case css.WordSpacing:
		s.WordSpacing = from.WordSpacing
	case css.TextAlign:
		s.TextAlign = from.TextAlign
	case css.TextIndent:
		s.TextIndent = from.TextIndent
	case css.TextTransform:
		s.Transform = from.Transform
	case css.TextDecorationLine:
		s.Decorations = from.Decorations
	case css.TextOverflow:
		s.Ellipsis = from.Ellipsis
	case css.WhiteSpace:
		s.WhiteSpace = from.WhiteSpace
	case css.WordBreak:
		s.WordBreak = from.WordBreak
	case css.OverflowWrap:
		s.OverflowWrap = from.OverflowWrap
	case css.Direction:
		s.RTL = from.RTL
	case css.UnicodeBidi:
		s.UnicodeBidi = from.UnicodeBidi
	case css.VerticalAlign:
		s.VerticalAlign, s.VerticalShift = from.VerticalAlign, from.VerticalShift
	default:
		k.copyList(p, from)
	}
}

func (k *computing) copyList(p css.Prop, from *Style) {
	s := k.Style
	switch p {
	case css.ListStyleType:
		s.ListType, s.ListText = from.ListType, from.ListText
	case css.ListStylePosition:
		s.ListInside = from.ListInside
	case css.ListStyleImage:
		s.ListImage = from.ListImage
	case css.Visibility:
		s.Visible = from.Visible
	case css.BorderCollapse:
		s.Collapse = from.Collapse
	case css.BorderSpacing:
		s.SpacingX, s.SpacingY = from.SpacingX, from.SpacingY
	case css.CaptionSide:
		s.CaptionBottom = from.CaptionBottom
	case css.EmptyCells:
		s.HideEmpty = from.HideEmpty
	}
}

func (k *computing) copyBox(p css.Prop, from *Style) {
	s := k.Style
	switch p {
	case css.Display:
		s.Display = from.Display
	case css.Float:
		s.Float = from.Float
	case css.Clear:
		s.Clear = from.Clear
	case css.Position:
		s.Position = from.Position
	case css.Top, css.Right, css.Bottom, css.Left:
		s.Inset[p-css.Top] = from.Inset[p-css.Top]
	case css.ZIndex:
		s.ZAuto, s.ZIndex = from.ZAuto, from.ZIndex
	case css.BoxSizing:
		s.BorderBox = from.BorderBox
	default:
		*s.size(p) = *from.size(p)
	}
}

func (k *computing) copyEdges(p css.Prop, from *Style) {
	s := k.Style
	switch {
	case p <= css.MarginLeft:
		s.Margin[p-css.MarginTop] = from.Margin[p-css.MarginTop]
	case p <= css.PaddingLeft:
		s.Padding[p-css.PaddingTop] = from.Padding[p-css.PaddingTop]
	case p <= css.BorderLeftWidth:
		s.Border[p-css.BorderTopWidth].Width = from.Border[p-css.BorderTopWidth].Width
	case p <= css.BorderLeftStyle:
		s.Border[p-css.BorderTopStyle].Style = from.Border[p-css.BorderTopStyle].Style
	case p <= css.BorderLeftColor:
		s.Border[p-css.BorderTopColor].Color = from.Border[p-css.BorderTopColor].Color
	default:
		s.Radius[p-css.RadiusTopLeft] = from.Radius[p-css.RadiusTopLeft]
	}
}

func (k *computing) copyRest(p css.Prop, from *Style) {
	s := k.Style
	switch p {
	case css.BackgroundColor:
		s.Background = from.Background
	case css.BackgroundImage, css.BackgroundRepeat, css.BackgroundPosition, css.BackgroundSize, css.BackgroundClip:
		s.Layers = from.Layers
	case css.BoxShadow:
		s.Shadows = from.Shadows
	case css.OverflowX:
		s.OverflowX = from.OverflowX
	case css.OverflowY:
		s.OverflowY = from.OverflowY
	case css.Opacity:
		s.Opacity = from.Opacity
	case css.TableLayout:
		s.FixedTable = from.FixedTable
	case css.Content:
		s.Content, s.HasContent = from.Content, from.HasContent
	case css.ObjectFit:
		s.ObjectFit = from.ObjectFit
	case css.AspectRatio:
		s.Ratio = from.Ratio
	case css.ColorScheme:
		s.Dark = from.Dark
	case css.FlexDirection, css.FlexWrap, css.FlexGrow, css.FlexShrink, css.FlexBasis, css.JustifyContent, css.AlignItems,
		css.AlignSelf, css.AlignContent, css.Order, css.RowGap, css.ColumnGap:
		k.copyFlex(p, &from.Flex)
	}
}

func (k *computing) copyFlex(p css.Prop, from *Flex) {
	f := &k.Flex
	switch p {
	case css.FlexDirection:
		f.Direction = from.Direction
	case css.FlexWrap:
		f.Wrap = from.Wrap
	case css.FlexGrow:
		f.Grow = from.Grow
	case css.FlexShrink:
		f.Shrink = from.Shrink
	case css.FlexBasis:
		f.Basis = from.Basis
	case css.JustifyContent:
		f.Justify = from.Justify
	case css.AlignItems:
		f.Items = from.Items
	case css.AlignSelf:
		f.Self = from.Self
	case css.AlignContent:
		f.Content = from.Content
	case css.Order:
		f.Order = from.Order
	case css.RowGap:
		f.RowGap = from.RowGap
	case css.ColumnGap:
		f.ColumnGap = from.ColumnGap
	}
}
