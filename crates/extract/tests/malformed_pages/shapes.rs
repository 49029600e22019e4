//! Shapes of pages that are large in one way: a piece repeated any number of times. Time and memory must not grow
//! faster than the page.

/// A page made of one repeated piece.
#[derive(Debug, Clone)]
pub struct Shape {
    /// What is repeated, and where.
    pub name: String,
    open: String,
    piece: &'static str,
    close: &'static str,
}

impl Shape {
    /// Builds a page of at least `bytes` bytes.
    #[must_use]
    pub fn with_bytes(&self, bytes: usize) -> String {
        let mut page = format!("<!doctype html><title>Rain</title>{}", self.open);
        let mut made = 0;
        while page.len() < bytes {
            page.push_str(&self.piece.replace("{n}", &made.to_string()));
            made += 1;
        }
        page.push_str(self.close);
        page
    }
}

/// Returns all shapes: each piece of [`PIECES`] within each of [`CONTAINERS`], and those that stand alone.
#[must_use]
pub fn all() -> Vec<Shape> {
    let within = PIECES.iter().enumerate().flat_map(|(nth, (piece_name, piece))| {
        // Every piece meets some of the containers, so that the list covers both without being their product.
        CONTAINERS.iter().enumerate().filter(move |(at, _)| (at + nth) % 4 == 0).map(
            move |(_, (container_name, open, close))| Shape {
                name: format!("{piece_name} in {container_name}"),
                open: (*open).to_owned(),
                piece,
                close,
            },
        )
    });
    let alone = ALONE.iter().map(|(name, open, piece, close)| Shape {
        name: (*name).to_owned(),
        open: open.replace("{long}", &"valley/".repeat(1_000)),
        piece,
        close,
    });
    alone.chain(within).collect()
}

const CONTAINERS: &[(&str, &str, &str)] = &[
    ("an article", "<article>", "</article>"),
    ("one paragraph", "<article><p>It rained all day in the valley. ", "</p></article>"),
    ("one figure", "<article><p>It rained all day in the valley.</p><figure>", "</figure></article>"),
    ("one list", "<article><ul>", "</ul></article>"),
    ("one table cell", "<article><table><tr><td>", "</td></tr></table></article>"),
    ("one link", "<article><p><a href='/a'>", "</a></p></article>"),
    ("one quotation", "<article><blockquote>", "</blockquote></article>"),
    ("one heading", "<article><h2>", "</h2><p>It rained all day in the valley.</p></article>"),
    ("one code block", "<article><pre><code>", "</code></pre></article>"),
    ("a side box", "<article><p>It rained all day in the valley.</p></article><aside class=related>", "</aside>"),
    ("one caption", "<article><figure><img src=/a.jpg><figcaption>", "</figcaption></figure></article>"),
    ("one span", "<article><div><span>", "</span></div></article>"),
];

const PIECES: &[(&str, &str)] = &[
    ("images", "<img src='/{n}.jpg' alt='Picture {n}'>"),
    ("linked images", "<a href='/{n}'><img src='/{n}.jpg'></a>"),
    ("small icons", "<img src='/icon.png' width=16 height=16>"),
    ("formulas", "<math><mi>x</mi><mo>=</mo><mn>{n}</mn></math> and "),
    ("links", "<a href='/{n}'>Read about the bridge {n}</a> "),
    ("words", "It rained on day {n} in the valley. "),
    ("line breaks", "Line {n} of the poem<br>"),
    ("double line breaks", "Line {n} of the story goes on until the end of the line.<br><br>"),
    ("spans", "<span class='c{n}'>word {n} </span>"),
    ("bold words", "<b>word {n}</b>, "),
    ("figures", "<figure><img src='/{n}.jpg'><figcaption>The bridge, day {n}</figcaption></figure>"),
    ("captions", "<figcaption>The bridge on day {n}, as seen from the hill.</figcaption>"),
    ("paragraphs", "<p>On day {n} it rained in the valley, and the river rose by a metre.</p>"),
    ("headings", "<h3>Day {n}</h3>"),
    ("list items", "<li>Item {n} of the list"),
    ("rows", "<table><tr><td>{n}<td>metres</table>"),
    ("quotations", "<blockquote><p>“It rained on day {n}.”</p></blockquote>"),
    ("videos", "<iframe src='https://www.youtube.com/embed/{n}'></iframe>"),
    ("video elements", "<video src='/{n}.mp4' poster='/{n}.jpg'></video>"),
    ("notes", "<sup id=r{n}><a href='#n{n}'>[{n}]</a></sup> "),
    ("note targets", "<li id='n{n}'><a href='#r{n}'>^</a> Note {n}, on rain.</li>"),
    ("dates", "<time datetime='2026-01-01T0{n}'>1 January 2026</time>"),
    ("bylines", "<span class='byline author'>By Iris Reed{n}</span>"),
    ("share buttons", "<a class=share href='https://facebook.com/sharer?u={n}'>Share</a>"),
    ("buttons", "<button>Save {n}</button>"),
    ("input fields", "<input name=f{n}><label>Field {n}</label>"),
    ("pictures", "<picture><source srcset='/{n}.webp 1x, /{n}b.webp 2x'><img src='/{n}.jpg'></picture>"),
    (
        "lazy images",
        "<img data-src='/{n}.jpg' src='data:image/gif;base64,R0'><noscript><img src='/{n}.jpg'></noscript>",
    ),
    ("hidden blocks", "<div style='display:none'>Hidden {n}</div>"),
    ("drawings", "<svg><path d='M0 {n}'/><title>t</title></svg>"),
    ("advertisements", "<div class=advertisement><p>Buy number {n} today</p></div>"),
    ("read-also lines", "<p>Read also: <a href='/{n}'>Ten knots that everybody knows {n}</a></p>"),
    ("ruby", "<ruby>雨<rt>あめ{n}</rt></ruby>"),
    ("definitions", "<dl><dt>Term {n}</dt><dd>Its meaning.</dd></dl>"),
    ("details", "<details><summary>Day {n}</summary>Rain.</details>"),
    ("drop caps", "<p><span class=dropcap>A</span> bridge {n} closed for the day.</p>"),
    ("empty blocks", "<div></div>"),
    ("posts", "<article class=comment id=c{n}><p>I agree with number {n}.</p></article>"),
];

const ALONE: &[(&str, &str, &str, &str)] = &[
    ("unclosed blocks", "", "<div><p>{n}", ""),
    (
        "spaces in the text of a script",
        "<script type='application/ld+json'>{\"@type\": \"NewsArticle\", \"articleBody\": \"It rained all day.",
        "                    ",
        "The river rose.\"}</script>",
    ),
    (
        "linked articles in an article of a long class",
        "<article class='{long}'><h1>Rain</h1><p>It rained in the valley from Monday to Friday, and the river rose.</p>",
        "<article class=post><h2><a href='/{n}'>Snow {n}</a></h2></article>day {n}<br>",
        "</article>",
    ),
    (
        "copies for machines",
        "<div itemprop=text>It rained in the valley from Monday to Friday, and the river rose by the height of a man, \
         and on Saturday the sun came back, and the ferry went to the northern bank again.</div>",
        "<p>On day {n} the river rose by the height of a man.</p>",
        "",
    ),
    ("profiles in one block", "<h1>Rain?</h1><div>", "<a href='/u/ann{n}'>ann{n}</a> rain<br>", "</div>"),
    ("unclosed formatting", "<p>", "<b><i>{n}", ""),
    ("unclosed links", "<p>", "<a href='/{n}'><em>{n}", ""),
    ("unclosed tables", "", "<table><tr><td>{n}", ""),
    ("unclosed lists", "", "<ul><li>{n}", ""),
    ("unclosed quotations", "", "<blockquote>{n}", ""),
    ("stray end tags", "<p>It rained.", "</p></b></div>", ""),
    ("stray paragraph ends in a deep tree", "<div><div><div><div>", "</p>", ""),
    ("misnested formatting", "<p>", "<b><p></b></p>{n}", ""),
    ("text in tables", "<table>", "rain {n}<tr>", "</table>"),
    ("attributes", "<p>It rained.</p>", "<p data-{n}='{n}' class='c{n} d{n}'>It rained.</p>", ""),
    ("attributes of one tag", "<p ", "a{n}='{n}' ", ">It rained.</p>"),
    ("one long attribute", "<p title='", "rain {n} ", "'>It rained.</p>"),
    ("one long address", "<article><p><a href='/", "rain{n}/", "'>It rained all day.</a></p></article>"),
    ("one long class", "<article class='", "rain{n} ", "'><p>It rained.</p></article>"),
    ("one long source set", "<article><p>It rained.</p><img srcset='", "/{n}.jpg {n}w, ", "'></article>"),
    ("one long inline image", "<article><p>It rained.</p><img src='data:image/png;base64,", "AAAA{n}", "'></article>"),
    ("one long tag name", "<x", "y{n}", ">It rained.</p>"),
    ("one long style", "<p style='", "color:red;", "'>It rained.</p>"),
    ("comments", "<p>It rained.</p>", "<!-- {n} -->", ""),
    ("one long comment", "<p>It rained.</p><!--", "rain {n} -- ", "-->"),
    ("one open comment", "<p>It rained.</p><!--", "rain > {n} ", ""),
    ("scripts", "<p>It rained.</p>", "<script>var a{n} = '<p>';</script>", ""),
    ("one long script", "<p>It rained.</p><script>", "var a{n} = '<!--<script>';", "</script>"),
    ("one open script", "<p>It rained.</p><script>", "var a{n} = '</scrip';", ""),
    ("styles", "<p>It rained.</p>", "<style>.a{n}{}</style>", ""),
    (
        "metadata in JSON",
        "",
        "<script type='application/ld+json'>{\"@type\":\"Article\",\"name\":\"{n}\"}</script>",
        "<p>Rain.",
    ),
    (
        "one long metadata script",
        "<script type='application/ld+json'>[",
        "{\"@type\":\"Article\",\"name\":\"{n}\"},",
        "1]</script>",
    ),
    ("nested metadata", "<script type='application/ld+json'>", "{\"a\":[", "</script><p>It rained.</p>"),
    ("meta elements", "", "<meta property='og:title' content='Rain {n}'>", "<p>It rained.</p>"),
    ("one long meta element", "<meta property='og:description' content='", "rain {n} ", "'><p>It rained.</p>"),
    ("link elements", "", "<link rel=canonical href='/{n}'>", "<p>It rained.</p>"),
    ("titles", "", "<title>Rain {n}</title>", "<p>It rained.</p>"),
    ("one long title", "<title>", "Rain {n} | ", "</title><p>It rained.</p>"),
    ("one long heading", "<article><h1>", "Rain {n} – ", "</h1><p>It rained.</p></article>"),
    ("one long byline", "<article><div class=byline>By ", "Iris Reed{n}, ", "</div><p>It rained.</p></article>"),
    ("one long word", "<article><p>", "rain", "</p></article>"),
    ("one long line of pipes", "<article><p>", "a|b ", "</p></article>"),
    ("spaces", "<article><p>It", " ", "rained.</p></article>"),
    ("line ends", "<article><p>It", "\n", "rained.</p></article>"),
    ("preformatted line ends", "<pre>It", "\n{n}", "rained.</pre>"),
    ("non-breaking spaces", "<article><p>It", "&nbsp;", "rained.</p></article>"),
    ("invisible characters", "<article><p>It", "\u{200b}\u{ad}", "rained.</p></article>"),
    ("combining marks", "<article><p>a", "\u{301}\u{300}", " rained.</p></article>"),
    ("null characters", "<article><p>It", "\0", "rained.</p></article>"),
    ("null characters between words", "<article><p>It", "a\0b ", "rained.</p></article>"),
    ("replacement characters", "<article><p>It", "\u{fffd}", "rained.</p></article>"),
    ("text decoded twice", "<article><p>It", "â€™s rain Ã© ", "rained.</p></article>"),
    ("curly quotes", "<article><p>", "“rain” ‘{n}’ ", "</p></article>"),
    ("character references", "<article><p>", "&eacute;&#x41;&notit;", "</p></article>"),
    ("ampersands", "<article><p>", "&&a", "</p></article>"),
    ("less-than signs", "<article><p>", "< ", "</p></article>"),
    ("open tags", "<article><p>It rained.", "<a ", ""),
    ("slashes", "<article><p>It rained.", "</ ", ""),
    ("right-to-left marks", "<article><p>", "\u{202e}مطر ", "</p></article>"),
    ("characters without spaces", "<article><p>", "雨が降った。", "</p></article>"),
    ("numbers", "<article><p>", "{n} ", "</p></article>"),
    ("addresses in text", "<article><p>", "https://a.example/{n} ", "</p></article>"),
    ("dates in text", "<article><p>", "{n} January 2026 ", "</p></article>"),
    ("short lines", "<article>", "<p>{n}</p>", "</article>"),
    ("nested tables", "", "<table><tr><td><p>Rain {n}</td></tr></table>", ""),
    ("table columns", "<article><table><tr>", "<td>{n}", "</table><p>It rained.</p></article>"),
    ("table rows", "<article><table>", "<tr><td>{n}<td>{n}", "</table><p>It rained.</p></article>"),
    ("wide cells", "<article><table>", "<tr><td colspan=1000 rowspan=1000>{n}", "</table></article>"),
    ("options", "<select>", "<option>{n}", "</select><p>It rained.</p>"),
    ("templates", "<p>It rained.</p>", "<template><p>{n}</template>", ""),
    ("nested templates", "<p>It rained.</p>", "<template><div>{n}", ""),
    ("frames", "<p>It rained.</p>", "<iframe srcdoc='<p>{n}'></iframe>", ""),
    ("forms", "<p>It rained.</p>", "<form><input name=a{n}></form>", ""),
    ("bases", "", "<base href='/{n}/'>", "<p>It rained.</p>"),
    ("links on a long base", "<base href='/{long}'><article>", "<p><a href='{n}'>Rain {n}</a></p>", "</article>"),
    ("images on a long base", "<base href='/{long}'><article>", "<p>It rained.<img src='{n}'></p>", "</article>"),
    ("foreign elements", "<p>It rained.</p>", "<svg><foreignObject><p>{n}</p></foreignObject></svg>", ""),
    ("character data", "<svg>", "<![CDATA[rain {n}]]>", "</svg><p>It rained.</p>"),
    ("doctypes", "", "<!doctype html>", "<p>It rained.</p>"),
    ("processing instructions", "<p>It rained.</p>", "<?php echo {n} ?>", ""),
    ("bodies", "", "<body class=c{n}>", "<p>It rained.</p>"),
    ("equal paragraphs", "<article>", "<p>It rained all day in the valley, and the river rose.</p>", "</article>"),
    ("equal ids", "<article>", "<p id=a>It rained on day {n} in the valley.</p>", "</article>"),
    ("pages of links", "", "<li><a href='/page/{n}'>{n}</a></li>", ""),
    ("next links", "<article><p>It rained.</p></article>", "<a rel=next href='/a?page={n}'>Next</a>", ""),
    ("streamed parts", "<p>It rained.</p>", "<template id='P:{n}'></template><div hidden id='S:{n}'>a</div>", ""),
    ("plain text mail", "<pre>", "> > On day {n} it rained\n", "</pre>"),
    ("posts by authors", "", "<div class=post><b class=author>Iris{n}</b><p>I think that it rained {n}.</p></div>", ""),
    (
        "sections with headings",
        "<article>",
        "<section><h2>Day {n}</h2><p>It rained all day.</p></section>",
        "</article>",
    ),
    ("custom elements", "<article>", "<x-{n}>It rained on day {n}.</x-{n}>", "</article>"),
    (
        "words read aloud",
        "<article>",
        "It rained all day in the valley. {n} <span class=sr-only>opens at {n}</span>",
        "",
    ),
    ("headings of nothing", "<article>", "<h2>Day {n}</h2><div class=advertisement><p>Buy it today.</p></div>", ""),
    (
        "sentences set large",
        "<article>",
        "<blockquote><p>It rained.</p>Reed{n}</blockquote><p>{n} It rained all day.</p>",
        "",
    ),
    ("labels", "<article>", "<p>It rained.<span>Weather {n}</span><i></i><span>Monday {n}</span></p>", ""),
    (
        "notes and their texts",
        "<article>",
        "<p>Rain.<sup id=r{n}><a href='#n{n}'>{n}</a></sup></p><li id=n{n}>A note.</li>",
        "",
    ),
    (
        "advertisements with captions",
        "<article><div>",
        "<figure><img src='/ad{n}.jpg' alt=Werbung><figcaption>Buy {n}</figcaption></figure><img src='/{n}.jpg'>",
        "</div></article>",
    ),
    ("states of scripts", "<script>window.a=[", "{t:'It rained on day {n} in the valley.'},", "]</script>"),
    ("unclosed states", "<script>", "a={b:'rain',c:[", "</script><p>It rained."),
    ("calls in scripts", "<script>", "x=(function(a){return {b:a", "</script><p>It rained."),
    ("rows of React", "<script>", "self.__next_f.push([1,\"{n}:[\\\"$\\\",\\\"p\\\",null,{}]\\n\"]);", "</script>"),
    ("unclosed rows of React", "<script>", "self.__next_f.push([1,\"", "</script><p>It rained."),
    ("a body in JSON", "<script type=application/json>{\"body\":\"", "<p>It rained on day {n}.</p>", "\"}</script>"),
    (
        "blocks in JSON",
        "<script type=application/json>{\"blocks\":[{\"type\":\"p\",\"text\":\"It rained.\"}",
        ",{\"type\":\"paragraph\",\"children\":[{\"text\":\"It rained on day {n} in [the valley.\"}]}",
        "]}</script>",
    ),
    (
        "nested chats",
        "",
        "<div class=chat><p><b class=name>Iris</b> Rain {n}.</p><p><b class=name>Reed</b> Yes.</p>",
        "",
    ),
    ("shadow roots", "", "<x-a><template shadowrootmode=open><slot></slot></template><p>Rain {n}</p></x-a>", ""),
    ("nested shadow roots", "", "<x-a><template shadowrootmode=open><p><slot></slot></p></template>Rain {n}", ""),
    ("roots within roots", "", "<x-a><template shadowrootmode=open><p>Rain {n}</p>", ""),
    (
        "folded sections",
        "<article><p>It rained.</p>",
        "<h3><button aria-controls=p{n}>Day {n}?</button></h3><div id=p{n} hidden><p>It rained on day {n}.</p></div>",
        "<p>It rained on.</p></article>",
    ),
    (
        "nested folded sections",
        "",
        "<button aria-controls=p{n}>Day {n}</button><div id=p{n} hidden><p>It rained {n}.</p>",
        "",
    ),
    (
        "sections with one id",
        "",
        "<button aria-controls=p>Day {n}</button><div id=p hidden><p>It rained {n}.</p></div>",
        "",
    ),
    ("nested spans", "<article><p>", "<span>{n}", "</article>"),
    ("nested sections", "", "<section><article><p>Rain {n}</p>", ""),
];
