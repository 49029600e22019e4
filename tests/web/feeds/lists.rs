//! Lists of feeds: taken with a report for each line, and given.

use crate::support::TestApp;

const LIST: &str = r#"<opml version="2.0"><body>
<outline text="Papers"><outline text="The Pier" type="rss" xmlUrl="https://pier.example/feed"/></outline>
<outline text="Inside" type="rss" xmlUrl="http://127.0.0.1/feed"/>
<outline text="The Pier" type="rss" xmlUrl="https://pier.example/feed"/>
</body></opml>"#;

#[tokio::test]
async fn a_list_is_followed_with_a_report_and_comes_out_again() {
    let app = TestApp::new().await;
    let page = app.post("/feeds/list", &[("text", LIST)]).await;
    assert_eq!(
        page.text("#report"),
        "1 new feed followed. The newest 10 articles of each will be unread, older ones read."
    );
    assert_eq!(page.texts("li p.problem"), ["Line 3: Inside"]);
    assert!(page.texts("li .hint").iter().any(|outcome| outcome.contains("must not be fetched")));
    let list = app.get("/feeds/feeds.opml").await;
    assert_eq!(list.header("content-disposition"), "attachment; filename=\"feeds.opml\"");
    assert!(list.body.contains(r#"xmlUrl="https://pier.example/feed""#) && list.body.contains(r#"text="Papers""#));
    assert!(!list.body.contains("127.0.0.1"));
    let again = app.post("/feeds/list", &[("text", LIST)]).await;
    assert_eq!(again.text("#report"), "No new feed followed; 1 you followed already.");
    assert_eq!(app.get("/feeds").await.texts(".feed-name a"), ["The Pier"]);
}

#[tokio::test]
async fn a_list_is_followed_to_its_end_when_the_reader_goes_away() {
    let app = TestApp::new().await;
    let form = [("text", LIST)];
    let begun = async {
        while app.app.tasks.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        page = app.post("/feeds/list", &form) => panic!("the reader waited: {}", page.status),
        () = begun => {}
    }
    app.app.tasks.close();
    app.app.tasks.wait().await;
    assert_eq!(app.get("/feeds").await.texts(".feed-name a"), ["The Pier"]);
}

#[tokio::test]
async fn what_is_no_list_comes_back_with_what_is_wrong() {
    let app = TestApp::new().await;
    let empty = app.post("/feeds/list", &[("text", " ")]).await;
    assert_eq!(empty.status, 422);
    assert_eq!(empty.text("#list-problem"), "Choose a file, or paste links, one in each line.");
    let prose = app.post("/feeds/list", &[("text", "nothing to follow")]).await;
    assert_eq!(prose.text("#list-problem"), "This is no list of feeds: it has neither outlines (OPML) nor links.");
    assert_eq!(prose.text("#text"), "nothing to follow");
}
