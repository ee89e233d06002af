//! How sessions begin and end, orderly and not, and what holds while they last.

use serde_json::{Value, json};
use std::process::{Command, Stdio};
use testkit::{Client, ITEMS, Setup, Shop};

const NOT_INITIALIZED: i64 = -32002;
const INVALID_REQUEST: i64 = -32600;
const CANCELLED: i64 = -32800;

#[test]
fn shutdown_and_exit_end_with_zero_while_the_input_is_open() {
    Shop::new().session().shut_down();
}

#[test]
fn exit_without_shutdown_ends_with_one() {
    let mut client = Shop::new().session();
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_for_end().code(), Some(1));
}

#[test]
fn exit_before_initialize_ends_with_one() {
    let mut client = Client::spawn();
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_for_end().code(), Some(1));
}

#[test]
fn exit_during_the_first_index_ends_at_once() {
    let shop = Shop::new();
    for index in 0..300 {
        shop.write(&format!("app/part{index}.py"), &ITEMS.repeat(5));
    }
    let mut client = shop.session();
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_for_end().code(), Some(1));
}

#[test]
fn the_end_of_the_input_ends_the_server() {
    let mut client = Shop::new().session();
    client.close_input();
    assert_eq!(client.wait_for_end().code(), Some(1));
}

#[test]
fn answers_under_way_are_sent_when_the_input_ends() {
    let mut client = Shop::new().session();
    let id = client.start_request("routewright/routes", json!({}));
    client.close_input();
    assert!(client.answer(&json!(id)).is_ok());
    client.wait_for_end();
}

#[cfg(unix)]
#[test]
fn the_death_of_the_client_s_process_ends_the_server() {
    let mut editor = Command::new("sleep").arg("1000").stdin(Stdio::null()).spawn().unwrap();
    let shop = Shop::new();
    let mut setup = Setup::new(shop.folder());
    setup.process = Some(editor.id());
    let (mut client, _) = Client::start(&setup);
    assert_eq!(client.routes().len(), 2);
    assert!(client.is_running());
    editor.kill().unwrap();
    editor.wait().unwrap();
    assert_eq!(client.wait_for_end().code(), Some(1));
}

#[test]
fn requests_before_initialize_are_refused() {
    let shop = Shop::new();
    let mut client = Client::spawn();
    let error = client.request("textDocument/hover", json!({})).unwrap_err();
    assert_eq!(error["code"], NOT_INITIALIZED);
    client.initialize(&Setup::new(shop.folder()));
    assert_eq!(client.routes().len(), 2);
}

#[test]
fn a_second_initialize_is_refused() {
    let shop = Shop::new();
    let mut client = shop.session();
    let error = client
        .request("initialize", json!({"processId": null, "capabilities": {}}))
        .unwrap_err();
    assert_eq!(error["code"], INVALID_REQUEST);
    assert_eq!(client.routes().len(), 2);
}

#[test]
fn requests_behind_shutdown_are_refused() {
    let mut client = Shop::new().session();
    client.request("shutdown", Value::Null).unwrap();
    let error = client.request("routewright/routes", json!({})).unwrap_err();
    assert_eq!(error["code"], INVALID_REQUEST);
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_for_end().code(), Some(0));
}

#[test]
fn a_cancelled_request_is_answered_as_such_at_once() {
    let shop = Shop::new();
    for index in 0..300 {
        shop.write(&format!("app/part{index}.py"), &ITEMS.repeat(5));
    }
    let mut client = shop.session();
    let ids: Vec<i64> = (0..50)
        .map(|_| client.start_request("routewright/routes", json!({})))
        .collect();
    for id in &ids {
        client.notify("$/cancelRequest", json!({"id": id}));
    }
    let answers: Vec<_> = ids.iter().map(|id| client.answer(&json!(id))).collect();
    let cancelled = answers
        .iter()
        .filter(|answer| answer.as_ref().is_err_and(|error| error["code"] == CANCELLED))
        .count();
    assert!(cancelled > 0, "the first index takes longer than fifty notifications");
    assert_eq!(client.routes().len(), 2);
}

#[test]
fn cancelling_what_is_not_there_does_nothing() {
    let shop = Shop::new();
    let mut client = shop.session();
    client.notify("$/cancelRequest", json!({"id": 99}));
    client.notify("$/cancelRequest", json!({"id": "x"}));
    assert_eq!(client.routes().len(), 2);
}

#[test]
fn ids_may_be_strings() {
    let mut client = Shop::new().session();
    client.send(&json!({"jsonrpc": "2.0", "id": "seven", "method": "routewright/routes"}));
    assert!(client.answer(&json!("seven")).is_ok());
}

#[test]
fn workspaces_without_a_folder_are_served() {
    let mut setup = Setup::new(std::path::Path::new("/"));
    setup.folders.clear();
    let (mut client, _) = Client::start(&setup);
    assert_eq!(client.routes(), Vec::<String>::new());
    client.shut_down();
}
