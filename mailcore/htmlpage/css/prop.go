package css

// Prop is a longhand property.
type Prop uint8

// The properties that are understood.
const (
	Custom Prop = iota
	ColorProp
	FontSize
	FontFamily
	FontStyle
	FontWeight
	FontVariant
	LineHeight
	LetterSpacing
	WordSpacing
	TextAlign
	TextIndent
	TextTransform
	TextDecorationLine
	TextDecorationColor
	TextDecorationStyle
	TextOverflow
	WhiteSpace
	WordBreak
	OverflowWrap
	Direction
	UnicodeBidi
	VerticalAlign
	ListStyleType
	ListStylePosition
	ListStyleImage
	Visibility
	BorderCollapse
	BorderSpacing
	CaptionSide
	EmptyCells
	Quotes
	Display
	Float
	Clear
	Position
	Top
	Right
	Bottom
	Left
	ZIndex
	Width
	Height
	MinWidth
	MinHeight
	MaxWidth
	MaxHeight
	BoxSizing
	MarginTop
	MarginRight
	MarginBottom
	MarginLeft
	PaddingTop
	PaddingRight
	PaddingBottom
	PaddingLeft
	BorderTopWidth
	BorderRightWidth
	BorderBottomWidth
	BorderLeftWidth
	BorderTopStyle
	BorderRightStyle
	BorderBottomStyle
	BorderLeftStyle
	BorderTopColor
	BorderRightColor
	BorderBottomColor
	BorderLeftColor
	RadiusTopLeft
	RadiusTopRight
	RadiusBottomRight
	RadiusBottomLeft
	BackgroundColor
	BackgroundImage
	BackgroundRepeat
	BackgroundPosition
	BackgroundSize
	BackgroundClip
	BoxShadow
	OverflowX
	OverflowY
	Opacity
	TableLayout
	Content
	FlexDirection
	FlexWrap
	FlexGrow
	FlexShrink
	FlexBasis
	JustifyContent
	AlignItems
	AlignSelf
	AlignContent
	Order
	RowGap
	ColumnGap
	ObjectFit
	AspectRatio
	ColorScheme
	Transform
	// PropCount is how many there are.
	PropCount
)

// Inherited reports whether a property passes from parent to child by itself.
func (p Prop) Inherited() bool {
	switch p {
	case TextDecorationLine, TextDecorationColor, TextDecorationStyle, TextOverflow, UnicodeBidi, VerticalAlign:
		return false
	}
	return p >= ColorProp && p <= Quotes || p == ColorScheme
}

// parseFunc reads the whole value of a longhand.
type parseFunc func(r *reader) (Value, bool)

// words makes the parser of a property that takes one of some keywords.
func words(list string) parseFunc {
	return func(r *reader) (Value, bool) { return r.oneOf(list) }
}

// either tries the keywords first, then the parser.
func either(list string, f parseFunc) parseFunc {
	return func(r *reader) (Value, bool) {
		if v, ok := r.oneOf(list); ok {
			return v, true
		}
		return f(r)
	}
}

func lengthOf(r *reader) (Value, bool) { return r.length() }

func notNegative(f parseFunc) parseFunc {
	return func(r *reader) (Value, bool) {
		v, ok := f(r)
		return v, ok && (v.Kind == Sum || v.Num >= 0)
	}
}

// strict is a parser without the lengths of quirks mode.
func strict(f parseFunc) parseFunc {
	return func(r *reader) (Value, bool) {
		q := r.quirks
		r.quirks = false
		v, ok := f(r)
		r.quirks = q
		return v, ok
	}
}

func colorOf(r *reader) (Value, bool)  { return r.color() }
func numberOf(r *reader) (Value, bool) { return r.number() }

const (
	lineStyles = "none hidden dotted dashed solid double groove ridge inset outset"
	aligning   = "start end flex-start flex-end center stretch baseline normal space-between space-around space-evenly left right self-start self-end"
)

var (
	size    = notNegative(either("auto min-content max-content fit-content -webkit-fill-available -moz-available -webkit-fit-content", lengthOf))
	maxSize = notNegative(either("none min-content max-content fit-content -webkit-fill-available", lengthOf))
	margin  = either("auto", lengthOf)
	padding = notNegative(lengthOf)
	stroke  = notNegative(either("thin medium thick", lengthOf))
	corner  = notNegative(strict(twoLengths))
)

type longhand struct {
	prop  Prop
	parse parseFunc
}

// longhands are the properties by name, with other names that mean the same in
// lines from the left to the right.
var longhands = map[string]longhand{
	"color":                   {ColorProp, colorOf},
	"font-size":               {FontSize, notNegative(either("xx-small x-small small medium large x-large xx-large xxx-large smaller larger", lengthOf))},
	"font-family":             {FontFamily, families},
	"font-style":              {FontStyle, fontStyle},
	"font-weight":             {FontWeight, either("normal bold bolder lighter", numberOf)},
	"font-variant":            {FontVariant, words("normal small-caps")},
	"font-variant-caps":       {FontVariant, words("normal small-caps")},
	"line-height":             {LineHeight, notNegative(either("normal", lineHeight))},
	"letter-spacing":          {LetterSpacing, either("normal", lengthOf)},
	"word-spacing":            {WordSpacing, either("normal", lengthOf)},
	"text-align":              {TextAlign, words("left right center justify start end -webkit-center -webkit-left -webkit-right -webkit-auto match-parent -webkit-match-parent")},
	"text-indent":             {TextIndent, lengthOf},
	"text-transform":          {TextTransform, words("none uppercase lowercase capitalize full-width")},
	"text-decoration-line":    {TextDecorationLine, decorationLine},
	"text-decoration-color":   {TextDecorationColor, colorOf},
	"text-decoration-style":   {TextDecorationStyle, words("solid double dotted dashed wavy")},
	"text-overflow":           {TextOverflow, words("clip ellipsis")},
	"white-space":             {WhiteSpace, words("normal nowrap pre pre-wrap pre-line break-spaces")},
	"word-break":              {WordBreak, words("normal break-all keep-all break-word")},
	"overflow-wrap":           {OverflowWrap, words("normal break-word anywhere")},
	"word-wrap":               {OverflowWrap, words("normal break-word anywhere")},
	"direction":               {Direction, words("ltr rtl")},
	"unicode-bidi":            {UnicodeBidi, words("normal embed isolate bidi-override isolate-override plaintext")},
	"vertical-align":          {VerticalAlign, either("baseline sub super top text-top middle bottom text-bottom -webkit-baseline-middle", lengthOf)},
	"list-style-type":         {ListStyleType, listType},
	"list-style-position":     {ListStylePosition, words("inside outside")},
	"list-style-image":        {ListStyleImage, imageOf},
	"visibility":              {Visibility, words("visible hidden collapse")},
	"border-collapse":         {BorderCollapse, words("collapse separate")},
	"border-spacing":          {BorderSpacing, notNegative(twoLengths)},
	"caption-side":            {CaptionSide, words("top bottom")},
	"empty-cells":             {EmptyCells, words("show hide")},
	"quotes":                  {Quotes, words("auto none")},
	"display":                 {Display, display},
	"float":                   {Float, words("none left right inline-start inline-end")},
	"clear":                   {Clear, words("none left right both inline-start inline-end")},
	"position":                {Position, words("static relative absolute fixed sticky -webkit-sticky")},
	"top":                     {Top, margin},
	"right":                   {Right, margin},
	"bottom":                  {Bottom, margin},
	"left":                    {Left, margin},
	"z-index":                 {ZIndex, either("auto", numberOf)},
	"width":                   {Width, size},
	"height":                  {Height, size},
	"min-width":               {MinWidth, size},
	"min-height":              {MinHeight, size},
	"max-width":               {MaxWidth, maxSize},
	"max-height":              {MaxHeight, maxSize},
	"inline-size":             {Width, strict(size)},
	"block-size":              {Height, strict(size)},
	"max-inline-size":         {MaxWidth, strict(maxSize)},
	"min-inline-size":         {MinWidth, strict(size)},
	"box-sizing":              {BoxSizing, words("content-box border-box")},
	"-webkit-box-sizing":      {BoxSizing, words("content-box border-box")},
	"background-color":        {BackgroundColor, colorOf},
	"background-image":        {BackgroundImage, layers(imageOf)},
	"background-repeat":       {BackgroundRepeat, layers(repeat)},
	"background-position":     {BackgroundPosition, layers(strict(position))},
	"background-size":         {BackgroundSize, layers(strict(backgroundSize))},
	"background-clip":         {BackgroundClip, layers(words("border-box padding-box content-box text"))},
	"-webkit-background-clip": {BackgroundClip, layers(words("border-box padding-box content-box text"))},
	"-webkit-background-size": {BackgroundSize, layers(strict(backgroundSize))},
	"box-shadow":              {BoxShadow, either("none", strict(shadows))},
	"-webkit-box-shadow":      {BoxShadow, either("none", strict(shadows))},
	"overflow-x":              {OverflowX, words("visible hidden scroll auto clip overlay")},
	"overflow-y":              {OverflowY, words("visible hidden scroll auto clip overlay")},
	"opacity":                 {Opacity, opacity},
	"table-layout":            {TableLayout, words("auto fixed")},
	"content":                 {Content, content},
	"flex-direction":          {FlexDirection, words("row row-reverse column column-reverse")},
	"flex-wrap":               {FlexWrap, words("nowrap wrap wrap-reverse")},
	"flex-grow":               {FlexGrow, notNegative(numberOf)},
	"flex-shrink":             {FlexShrink, notNegative(numberOf)},
	"flex-basis":              {FlexBasis, notNegative(either("auto content min-content max-content", strict(lengthOf)))},
	"justify-content":         {JustifyContent, words(aligning)},
	"align-items":             {AlignItems, words(aligning)},
	"align-self":              {AlignSelf, words("auto " + aligning)},
	"align-content":           {AlignContent, words(aligning)},
	"order":                   {Order, numberOf},
	"row-gap":                 {RowGap, notNegative(either("normal", strict(lengthOf)))},
	"column-gap":              {ColumnGap, notNegative(either("normal", strict(lengthOf)))},
	"object-fit":              {ObjectFit, words("fill contain cover none scale-down")},
	"aspect-ratio":            {AspectRatio, aspectRatio},
	"color-scheme":            {ColorScheme, colorScheme},
	"transform":               {Transform, either("none", rawValue)},
	"-webkit-transform":       {Transform, either("none", rawValue)},
}
