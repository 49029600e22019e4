//! The page of an article, and what a reader does there.

use axum::http::StatusCode;
use broadsheet::library::articles::{self, ArticleAction, NewArticle};
use broadsheet::library::{images, tags, topics};
use classify::{Topic, TopicChoice};
use extract::{Direction, Reason, RemovedBlock};
use jiff::SignedDuration;

use crate::fixtures::{article, clean_html, sample_image, section_topic};
use crate::support::{TestApp, advance_clock, now};

#[tokio::test]
async fn the_page_shows_the_article_and_the_reason_for_its_topic() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let page = app.get(&format!("/article/{id}")).await;
    assert_eq!(page.text("h1"), "Ferry report 1");
    assert_eq!(page.text(".byline"), "Ines Marlowe");
    assert_eq!(page.text(".text"), "Report 1. The ferry was late, and nobody minded.");
    assert_eq!(page.attributes(".facts time", "datetime"), [(now() - SignedDuration::from_hours(1)).to_string()]);
    assert!(page.text(".meta").starts_with("The Harbour Post") && page.text(".meta").ends_with("2 minutes"));
    assert_eq!(page.attributes(".text", "lang"), ["en"]);
    assert_eq!(page.attributes("h1", "dir"), ["ltr"]);
    assert_eq!(page.texts(".tag-list a"), ["Ferries"]);
    assert!(page.body.contains("The publisher filed it under “Assembly”."));
    assert_eq!(page.attributes(".actions > a", "href"), ["https://harbour.example/1"]);
    assert_eq!(page.text(".print-only"), "https://harbour.example/1", "a printed link cannot be followed");
    assert_eq!(page.attributes(".actions > a", "rel"), ["noopener noreferrer external"]);
}

#[tokio::test]
async fn a_byline_equal_to_the_source_is_hidden() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.content.byline = Some("The harbour post".into());
    let id = app.add_article(&new).await;
    let page = app.get(&format!("/article/{id}")).await;
    assert!(!page.has(".byline") && page.text(".meta").starts_with("The Harbour Post"));
}

#[tokio::test]
async fn the_original_is_linked_without_tracking() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.url = Some("https://harbour.example/1?utm_source=letter&page=2#photos".into());
    let id = app.add_article(&new).await;
    let page = app.get(&format!("/article/{id}")).await;
    let plain = "https://harbour.example/1?page=2";
    assert_eq!(page.attributes(".actions > a", "href"), [plain]);
    assert_eq!(page.text(".print-only"), plain);
    assert!(!page.body.contains("utm_source"));
    let way_on = app.get(&format!("/article/{id}/original")).await;
    assert_eq!(way_on.attributes("main a", "href"), [plain]);
}

#[tokio::test]
async fn right_to_left_articles_set_the_direction() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.content.language = Some("ar".into());
    new.content.direction = Direction::Rtl;
    let id = app.add_article(&new).await;
    for (path, whole, part) in [
        (format!("/article/{id}"), ".text", ".text"),
        ("/articles".into(), "li.card", ".card h2"),
        ("/".into(), "article.lead", ".lead h2"),
    ] {
        let page = app.get(&path).await;
        assert_eq!(page.attributes(whole, "dir"), ["rtl"], "{path}");
        assert_eq!(page.attributes(part, "lang"), ["ar"], "{path}");
    }
}

#[tokio::test]
async fn viewing_an_article_changes_nothing() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let before = app.library().await.generation();
    let page = app.get(&format!("/article/{id}?done=deleted")).await;
    assert_eq!(page.attributes("article", "data-mark-read-url"), [format!("/article/{id}/action")]);
    assert!(!page.has(".notice"), "the query alone shows no notice");
    assert_eq!(app.library().await.generation(), before);
}

#[tokio::test]
async fn images_are_served_locally_or_not_at_all() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let mut new = article(1);
    let (here, waiting, lead) = (sample_image("pier.jpg"), sample_image("buoy.jpg"), sample_image("lead.jpg"));
    let image =
        |picture: &extract::Image| format!("<p><img src=\"{}\" alt=\"{}\"></p>", picture.url, picture.description);
    let words = "<p>The ferry was late.</p><p>Nobody minded.</p>";
    new.content.html = clean_html(&format!("{words}{}{}", image(&here), image(&waiting)));
    new.content.lead_image = Some(lead.clone());
    new.content.images = vec![lead, here, waiting];
    let id = app.add_article(&new).await;
    let hash = broadsheet::library::image_files::save(&library, b"bytes".to_vec()).await.unwrap();
    let kept = images::StoredImage { media_type: "image/jpeg".into(), size: 5, width: Some(800), height: Some(600) };
    for name in ["pier.jpg", "lead.jpg"] {
        let due = images::DueImage {
            article_id: id,
            url: format!("https://harbour.example/{name}"),
            attempts: 0,
            page_url: None,
        };
        images::mark_stored(&library, &due, &hash, &kept).await.unwrap();
    }
    let page = app.get(&format!("/article/{id}")).await;
    let ours = format!("/image/{}", hash.as_str());
    assert_eq!(page.attributes("img", "src"), [ours.clone(), ours.clone()]);
    assert_eq!(page.attributes(".hero img", "width"), ["800"]);
    assert_eq!(page.text(".hero figcaption"), "A picture of lead.jpg");
    assert!(page.text(".image-pending").starts_with("A picture of buoy.jpg"));
    assert_eq!(app.get("/").await.attributes(".lead img", "src"), [ours]);
}

#[tokio::test]
async fn a_lead_image_in_the_text_is_shown_there_only() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.content.html = clean_html(
        "<p>The ferry was late.</p><p>Nobody minded.</p><figure><img src=https://harbour.example/the-ferry-640x480.jpg>\
         <figcaption>The ferry</figcaption></figure>",
    );
    new.content.lead_image = Some(sample_image("the-ferry-1200x630.jpg"));
    let id = app.add_article(&new).await;
    let page = app.get(&format!("/article/{id}")).await;
    assert!(!page.has(".hero"));
    assert_eq!(page.text(".text figcaption"), "The ferry");
}

#[tokio::test]
async fn removed_blocks_are_listed_by_reason() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.content.removed_blocks = vec![
        RemovedBlock { reason: Reason::Advertisement, text: "Buy two crossings".into() },
        RemovedBlock { reason: Reason::Promotion, text: "Subscribe".into() },
        RemovedBlock { reason: Reason::Advertisement, text: "Buy three crossings".into() },
    ];
    let id = app.add_article(&new).await;
    let page = app.get(&format!("/article/{id}")).await;
    assert_eq!(page.texts(".removed-blocks strong"), ["Advertisement", "Promotion"]);
    assert_eq!(page.texts(".removed-blocks blockquote"), ["Buy two crossings", "Buy three crossings", "Subscribe"]);
    assert!(page.body.contains("Removed from the page <span class=\"count\">3</span>"));
}

#[tokio::test]
async fn actions_toggle_read_and_starred() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let path = format!("/article/{id}");
    for (mark, button) in [("star", "Unstar"), ("read", "Mark unread"), ("unstar", "Star"), ("unread", "Mark read")] {
        let answer = app.post(&format!("{path}/action"), &[("action", mark)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let page = app.get(answer.location()).await;
        assert!(page.texts(".actions button").contains(&button.to_owned()), "{mark}");
    }
    let page = app.get(&format!("{path}?done=unread")).await;
    assert!(!page.has("[data-mark-read-url]"), "an article just marked unread is not marked read automatically");
}

#[tokio::test]
async fn archiving_and_deleting_can_be_undone_at_once() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let marks = format!("/article/{id}/action");
    let answer = app.post(&marks, &[("action", "archive")]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice p"), "Archived “Ferry report 1”.");
    assert_eq!(page.attributes(".notice button", "value"), ["unarchive"]);
    app.post(&marks, &[("action", "unarchive")]).await;

    let answer = app.post(&marks, &[("action", "delete")]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice p"), "Moved to the trash: “Ferry report 1”.");
    assert_eq!(page.texts(".notice button"), ["Undo"]);
    assert_eq!(page.attributes(".notice button", "value"), ["restore"]);
    advance_clock(SignedDuration::from_hours(24));
    let page = app.get(&format!("/article/{id}")).await;
    assert!(page.text(".notice p").starts_with("This article is in the trash. You can restore it until "));
    assert_eq!(page.attributes(".notice + .buttons a", "href"), ["/articles"], "a way to other articles");
    assert!(!page.texts("button").contains(&"Delete".to_owned()));
    let answer = app.post(&marks, &[("action", "restore")]).await;
    assert_eq!(app.get(answer.location()).await.text(".notice p"), "Restored.");
    assert_eq!(app.get("/articles").await.texts(".rows h2"), ["Ferry report 1"]);
}

#[tokio::test]
async fn a_reader_changes_topic_and_tags() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let id = app.add_article(&article(1)).await;
    let labels = format!("/article/{id}/topic-and-tags");
    let answer = app.post(&labels, &[("topic", "science"), ("new_topic", ""), ("tags", "Boats, Late")]).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, &*format!("/article/{id}?done=topic-and-tags-saved&change=1"))
    );
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".kicker"), "Science");
    assert_eq!(page.texts(".tag-list a"), ["Boats", "Late"]);
    assert!(page.body.contains("<p>You chose it.</p>"));

    app.post(&labels, &[("topic", "science"), ("new_topic", "Sea & Sky"), ("tags", "")]).await;
    assert_eq!(articles::find(&library, id).await.unwrap().unwrap().topic, "sea-sky");
    assert!(tags::list_for_article(&library, id).await.unwrap().is_empty());
    assert_eq!(app.get("/topic/sea-sky").await.text("h1"), "Sea & Sky");
}

#[tokio::test]
async fn an_article_without_a_topic_offers_two_suggestions() {
    let app = TestApp::new().await;
    for (number, topic) in [(1, Topic::Science), (2, Topic::Science), (3, Topic::Sport)] {
        app.add_article(&NewArticle { topic_choice: section_topic(topic), ..article(number) }).await;
    }
    let unsorted = |suggestions: Vec<Topic>| TopicChoice { suggestions, ..TopicChoice::default() };
    for (number, suggestions, offered) in [
        (4, vec![], ["Science", "Sport"]),
        (5, vec![Topic::Business], ["Business", "Science"]),
        (6, vec![Topic::Health, Topic::Religion], ["Health", "Religion"]),
    ] {
        let id = app.add_article(&NewArticle { topic_choice: unsorted(suggestions), ..article(number) }).await;
        let page = app.get(&format!("/article/{id}")).await;
        assert_eq!(page.texts(".article-details details[open] .topic-suggestions button"), offered);
        let topic = page.attributes(".topic-suggestions button", "value").remove(0);
        let answer = app.post(&page.attributes(".topic-suggestions", "action")[0], &[("topic", &topic)]).await;
        let page = app.get(answer.location()).await;
        assert_eq!((page.text(".kicker").as_str(), page.texts(".tag-list a")), (offered[0], vec!["Ferries".into()]));
        assert!(!page.has(".topic-suggestions"), "suggestions are gone");
        // Otherwise its topic would become the reader's most used one.
        articles::set_topic_and_tags(&app.library().await, id, Some(("unsorted", &TopicChoice::default())), None)
            .await
            .unwrap();
    }
    let page = app.get("/article/1").await;
    assert_eq!(page.texts(".article-details details:not([open]) .topic-suggestions button"), ["Business"]);
}

#[tokio::test]
async fn an_unchanged_form_keeps_the_topic_reason_and_tags() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.tags = vec!["Sole, Bay of".into()];
    let id = app.add_article(&new).await;
    let page = app.get(&format!("/article/{id}")).await;
    let tags = page.attributes("input[name=tags]", "value").remove(0);
    app.post(&format!("/article/{id}/topic-and-tags"), &[("topic", "politics"), ("tags", &tags)]).await;
    let page = app.get(&format!("/article/{id}")).await;
    assert_eq!(page.texts(".tag-list a"), ["Sole Bay of"], "a tag has no comma");
    assert!(page.body.contains("The publisher filed it under “Assembly”."));
}

#[tokio::test]
async fn invalid_tags_bring_the_form_back_and_save_nothing() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let labels = format!("/article/{id}/topic-and-tags");
    app.post(&labels, &[("topic", "politics"), ("tags", "C, C#, C++, 🚀")]).await;
    let names = app.get(&format!("/article/{id}")).await.texts(".tag-list a");
    assert_eq!(names, ["C", "C++", "C#", "🚀"]);
    let page = app.post(&labels, &[("topic", "science"), ("tags", "Boats, !!")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#tags-problem").starts_with("“!!” can’t be a tag"));
    assert_eq!(page.attributes("input[name=tags]", "value"), ["Boats, !!"]);
    let page = app.get(&format!("/article/{id}")).await;
    assert_eq!((page.text(".kicker"), page.texts(".tag-list a")), ("Politics".into(), names));
}

#[tokio::test]
async fn an_invalid_topic_brings_the_form_back_filled_in() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    for (form, said) in [
        ([("topic", "politics"), ("new_topic", "!!"), ("tags", "Typed")], "“!!” can’t be a topic"),
        ([("topic", "gossip"), ("new_topic", ""), ("tags", "Typed")], "No topic called “gossip”."),
    ] {
        let page = app.post(&format!("/article/{id}/topic-and-tags"), &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text("#topic-problem").starts_with(said));
        assert_eq!(page.attributes("input[name=tags]", "value"), ["Typed"]);
        assert_eq!(page.attributes("details#topic-and-tags", "open").len(), 1);
        assert_eq!(
            page.attributes("form[action='/settings/display'] input[name=return_to]", "value")[0],
            format!("/article/{id}")
        );
    }
    assert_eq!(topics::list_all(&app.library().await).await.unwrap().len(), 16);
    assert_eq!(app.get(&format!("/article/{id}")).await.texts(".tag-list a"), ["Ferries"]);
}

#[tokio::test]
async fn an_article_is_re_extracted_from_its_snapshot() {
    let app = TestApp::new().await;
    let words = "The morning boat left with nine passengers and a dog, and came back with ten passengers and no dog. ";
    let html =
        format!("<title>Nine and a dog</title><article><h1>Nine and a dog</h1><p>{}</p></article>", words.repeat(6));
    let mut new = article(1);
    new.snapshot_id = Some(app.store_snapshot(&html).await);
    let id = app.add_article(&new).await;
    let answer = app.post(&format!("/article/{id}/re-extract"), &[]).await;
    assert_eq!(answer.location(), format!("/article/{id}?done=re-extracted"));
    let page = app.get(answer.location()).await;
    assert_eq!(page.text("h1"), "Nine and a dog");
    assert_eq!(page.text(".notice p"), "Extracted again.");

    let without = app.add_article(&article(2)).await;
    assert!(!app.get(&format!("/article/{without}")).await.body.contains("Extract again"));
    let answer = app.post(&format!("/article/{without}/re-extract"), &[]).await;
    assert!(app.get(answer.location()).await.text(".notice p").contains("nothing was changed"));
}

#[tokio::test]
async fn unknown_articles_topics_sources_and_tags_are_not_found() {
    let app = TestApp::new().await;
    for path in [
        "/article/7",
        "/article/x",
        "/article/-1",
        "/article/99999999999999999999",
        "/article/7/original",
        "/topic/gossip",
        "/source/x.example",
        "/tag/x",
    ] {
        let page = app.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/article/7/action", "/article/7/topic-and-tags", "/article/7/re-extract"] {
        assert_eq!(
            app.post(path, &[("action", "read"), ("topic", "sport")]).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let id = app.add_article(&article(1)).await;
    let nonsense = app.post(&format!("/article/{id}/action"), &[("action", "burn")]).await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_shortcut_in_lists_leads_to_the_publisher_by_a_page_that_no_frame_shows() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let page = app.get(&format!("/article/{id}/original")).await;
    assert_eq!((page.status, page.location()), (StatusCode::OK, ""));
    assert_eq!(page.attributes("meta[http-equiv=refresh]", "content"), ["0; url=https://harbour.example/1"]);
    assert_eq!(page.attributes("main a[rel~=noreferrer]", "href"), ["https://harbour.example/1"]);
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    let mut pasted = article(2);
    (pasted.url, pasted.url_keys) = (None, Vec::new());
    let id = app.add_article(&pasted).await;
    assert_eq!(app.get(&format!("/article/{id}/original")).await.location(), format!("/article/{id}"));
    assert!(!app.get(&format!("/article/{id}")).await.has("[data-original], .actions > a"));
}

#[tokio::test]
async fn an_article_page_is_small() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    articles::apply_action(&app.library().await, id, ArticleAction::Star, now()).await.unwrap();
    let page = app.get(&format!("/article/{id}")).await;
    let mut sent = page.bytes.len();
    for asset in page.attributes("link[rel=stylesheet]", "href").iter().chain(&page.attributes("script", "src")) {
        sent += app.get(asset).await.bytes.len();
    }
    assert!(sent < 46_500, "{sent} bytes even before compression");
    assert!(!page.has("style, script:not([src]), [style], [onclick]"));
}

#[tokio::test]
async fn an_article_from_a_file_shows_where_it_says_it_is_from() {
    let app = TestApp::new().await;
    let (url, host) = ("https://www.upland.example/budget?a=b&utm_source=x", "upland.example");
    let from_file = NewArticle { url: None, claimed_url: Some(url.into()), ..article(1) };
    let claimed = app.add_article(&from_file).await;
    let page = app.get(&format!("/article/{claimed}")).await;
    assert_eq!(page.text(".claim"), format!("Says it is from {host}, which wasn’t checked. Fetch that page"));
    assert_eq!(
        page.attributes(".claim a", "href"),
        ["https://www.upland.example/budget?a=b", "/import?url=https%3A%2F%2Fwww.upland.example%2Fbudget%3Fa%3Db"]
    );
    assert_eq!(app.get(&page.attributes(".claim a", "href")[1]).await.attributes("#url", "value").len(), 1);
    assert!(!page.has("a[href='/article/1/original']"), "it has no original");
    for (number, claim) in [(2, None), (3, Some("javascript:alert(1)")), (4, Some("not a URL"))] {
        let other = NewArticle { claimed_url: claim.map(str::to_owned), ..article(number) };
        let id = app.add_article(&other).await;
        assert!(!app.get(&format!("/article/{id}")).await.has(".claim"), "{claim:?}");
    }
}
