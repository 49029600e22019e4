//! Writes chats and dialogues as paragraphs, each with its speaker: pages set them with boxes and bubbles.

use dom_query::NodeRef;

use crate::dom::tree;

/// Words in the classes of containers of messages.
const CHAT_WORDS: &[&str] = &[
    "chat",
    "chats",
    "chatlog",
    "messages",
    "msgs",
    "conversation",
    "dialog",
    "dialogue",
    "transcript",
    "imessage",
    "whatsapp",
    "interview",
    "irc",
];
/// Words in the classes of the name of who speaks.
const SPEAKER_WORDS: &[&str] =
    &["who", "name", "author", "sender", "speaker", "user", "username", "nick", "nickname", "handle", "from", "person"];
/// Words in the classes of the hour of a message.
const TIME_WORDS: &[&str] = &["t", "ts", "time", "timestamp", "date", "stamp", "hour", "when"];
/// The maximum number of messages in a chat, and of elements in one of them.
const MAX_MESSAGES: usize = 400;
const MAX_ELEMENTS: usize = 40;
/// The maximum number of characters in a name and in a time.
const MAX_NAME_CHARS: usize = 40;
const MAX_TIME_CHARS: usize = 25;

/// Returns whether an element calls itself a chat.
pub(super) fn is_chat(node: &NodeRef<'_>, name: &str) -> bool {
    matches!(name, "div" | "section" | "ul" | "ol" | "figure" | "blockquote") && has_class_word(node, CHAT_WORDS)
}

/// Writes the messages of chats as paragraphs.
pub(super) fn write_as_paragraphs(chats: &[NodeRef<'_>]) {
    for chat in chats {
        let messages: Vec<NodeRef<'_>> =
            chat.children_it(false).filter(NodeRef::is_element).take(MAX_MESSAGES).collect();
        let spoken: Vec<(&NodeRef<'_>, Message<'_>)> =
            messages.iter().filter_map(|node| Some((node, Message::read(node)?))).collect();
        if spoken.len() < 2 || spoken.len() * 2 < messages.len() {
            continue;
        }
        for (node, message) in spoken {
            message.write(node);
        }
        chat.set_attr(tree::PART_OF_TEXT, "");
    }
}

/// Who says something, and when.
struct Message<'a> {
    speaker: NodeRef<'a>,
    time: Option<NodeRef<'a>>,
    /// The elements inside that are neither inline nor needed to part its paragraphs.
    boxes: Vec<NodeRef<'a>>,
    is_line: bool,
}

impl<'a> Message<'a> {
    fn read(node: &NodeRef<'a>) -> Option<Message<'a>> {
        let inside: Vec<NodeRef<'a>> =
            node.descendants_it().filter(NodeRef::is_element).take(MAX_ELEMENTS + 1).collect();
        if inside.len() > MAX_ELEMENTS {
            return None;
        }
        let fits = |part: &&NodeRef<'_>, most: usize| {
            let chars = tree::line_text(part).chars().count();
            (1..=most).contains(&chars) && part.id != node.id
        };
        let speaker = inside.iter().find(|part| has_class_word(part, SPEAKER_WORDS) && fits(part, MAX_NAME_CHARS))?;
        let is_heading = |part: &NodeRef<'_>| tree::has_name(part, &["h1", "h2", "h3", "h4", "h5", "h6", "article"]);
        if inside.iter().any(|part| part.id != speaker.id && is_heading(part)) {
            return None;
        }
        let is_time = |part: &&NodeRef<'_>| tree::has_name(part, &["time"]) || has_class_word(part, TIME_WORDS);
        let is_apart = |part: &&NodeRef<'_>| {
            part.id != speaker.id && !part.ancestors_it(Some(3)).any(|above| above.id == speaker.id)
        };
        let time = inside.iter().find(|part| is_time(part) && is_apart(part) && fits(part, MAX_TIME_CHARS)).copied();
        let words = tree::line_text(node).chars().count();
        let named = tree::line_text(speaker).chars().count();
        if words <= named {
            return None;
        }
        let paragraphs = inside.iter().filter(|part| tree::has_name(part, &["p"])).count();
        let is_structure = |part: &NodeRef<'_>| {
            tree::has_name(part, &["ul", "ol", "pre", "table", "figure", "blockquote", "img", "br"])
        };
        let boxes = inside.iter().filter(|part| !tree::is_inline(&tree::name(part)) && !is_structure(part)).copied();
        Some(Message {
            speaker: *speaker,
            time,
            boxes: boxes.collect(),
            is_line: paragraphs < 2 && !inside.iter().any(is_structure),
        })
    }

    fn write(&self, node: &NodeRef<'_>) {
        let tree = node.tree;
        if self.is_line {
            self.boxes.iter().for_each(|inner| inner.rename("span"));
            if !tree::has_name(node, &["li", "dd"]) {
                node.rename("p");
            }
        }
        let line = tree.new_element("span");
        let name = tree.new_element("strong");
        name.append_child(&tree.new_text(tree::line_text(&self.speaker).trim_end_matches(':').to_owned()));
        line.append_child(&name);
        match self.time {
            Some(time) => {
                line.append_child(&tree.new_text(format!(" ({}): ", tree::line_text(&time))));
                time.remove_from_parent();
            }
            None => line.append_child(&tree.new_text(": ")),
        }
        self.speaker.remove_from_parent();
        let place = if self.is_line { None } else { self.boxes.iter().find(|part| tree::has_name(part, &["p"])) };
        place.unwrap_or(node).prepend_child(&line);
    }
}

/// Returns whether a class consists of words of which one is known.
fn has_class_word(node: &NodeRef<'_>, known: &[&str]) -> bool {
    node.attr("class").is_some_and(|classes| {
        let mut words = classes.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
        words.any(|word| known.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(word)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(html: &str) -> String {
        let page = crate::parse::parse_page(html).tree;
        let body = tree::body(&page);
        let chats: Vec<NodeRef<'_>> = tree::elements(&body, |node| is_chat(node, &tree::name(node)));
        write_as_paragraphs(&chats);
        chats.iter().map(|chat| chat.inner_html().to_string()).collect()
    }

    #[test]
    fn each_message_keeps_its_speaker() {
        for (html, wanted) in [
            (
                "<div class=chat><div><b class=name>Ann</b><span>Is it wet?</span><i class=time>9:30</i></div>\
                 <div><b class=name>Bo</b><span>Very.</span></div></div>",
                "<p><span><strong>Ann</strong> (9:30): </span><span>Is it wet?</span></p>\
                 <p><span><strong>Bo</strong>: </span><span>Very.</span></p>",
            ),
            (
                "<ul class='wa-messages'><li><div class=msg__sender>Ann:</div><div class=body><p>Is it wet?</p></div></li>\
                 <li><div class=msg__sender>Bo</div><div class=body><p>Very.</p></div></li></ul>",
                "<li><span><strong>Ann</strong>: </span><span class=\"body\"><span>Is it wet?</span></span></li>\
                 <li><span><strong>Bo</strong>: </span><span class=\"body\"><span>Very.</span></span></li>",
            ),
            (
                "<div class=interview><div><h4 class=speaker>Ann</h4><p>It is wet.</p><p>It stays so.</p></div>\
                 <div><h4 class=speaker>Bo</h4><p>Very.</p></div></div>",
                "<div><p><span><strong>Ann</strong>: </span>It is wet.</p><p>It stays so.</p></div>\
                 <p><span><strong>Bo</strong>: </span><span>Very.</span></p>",
            ),
        ] {
            assert_eq!(write(html), wanted, "{html}");
        }
    }

    #[test]
    fn a_list_of_other_articles_is_no_chat() {
        let html = "<div class=\"interview\"><div><h3>Rain</h3><b class=\"author\">Ann</b></div><div><h3>Sun</h3><b class=\"author\">Bo</b></div></div>";
        assert!(html.contains(&write(html)));
    }

    #[test]
    fn a_conversation_without_speakers_stays_as_it_is() {
        let html = "<div class=\"conversation\"><p>It rained.</p><p>It rained on.</p></div>";
        assert_eq!(write(html), "<p>It rained.</p><p>It rained on.</p>");
    }
}
