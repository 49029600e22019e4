//! Extracting an article again from its snapshot.

use broadsheet::ingest::re_extraction::{self, ReExtractionOutcome, ReExtractionPreview};
use broadsheet::library::articles::{self, versions};

use crate::mock_web::MockResponse;
use crate::{Fixture, ferry_article_html, noon};

#[tokio::test]
async fn re_extraction_can_be_undone_and_is_then_marked_rejected() {
    let fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/late", MockResponse::html(ferry_article_html("Osprey", "")));
    let id = fixture.import("http://harbour.example/late").await.unwrap().id();
    let mut older = versions::load_current(&fixture.library, id).await.unwrap().unwrap();
    older.title = "What older code made of it".into();
    versions::replace(&fixture.library, id, &older, noon()).await.unwrap();
    articles::apply_action(&fixture.library, id, articles::ArticleAction::Star, noon()).await.unwrap();

    assert_eq!(re_extraction::re_extract(&fixture.library, id, noon()).await.unwrap(), ReExtractionOutcome::Changed);
    let now = fixture.article(id).await;
    assert!(now.title == "Why the Osprey was late" && now.state.starred && now.has_previous_version);

    assert!(versions::restore_previous(&fixture.library, id, noon()).await.unwrap());
    assert_eq!(fixture.article(id).await.title, "What older code made of it");
    match re_extraction::preview(&fixture.library, id, noon()).await.unwrap() {
        ReExtractionPreview::Changed(change) => assert!(change.rejected, "the reader has gone back from it"),
        other => panic!("{other:?}"),
    }
    assert!(versions::restore_previous(&fixture.library, id, noon()).await.unwrap());
    assert_eq!(fixture.article(id).await.title, "Why the Osprey was late");
}
