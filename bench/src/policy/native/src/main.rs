//! Decides the bench's requests with Cedar itself, as a Rust service would: policies, entities and requests are made before, then asked again and again.
//! Reads JSON from standard input, writes JSON to standard output.

use std::io::Read;
use std::time::Instant;

use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request};
use serde_json::{json, Value};

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("standard input is text");
    let input: Value = serde_json::from_str(&text).expect("standard input is JSON");
    let policies: PolicySet = input["policies"].as_str().expect("policies are text").parse().expect("policies are valid");
    let rounds = input["rounds"].as_u64().expect("rounds is a number");
    let round_ms = u128::from(input["roundMs"].as_u64().expect("roundMs is a number"));
    let prepared: Vec<(Request, Entities)> = input["requests"].as_array().expect("requests is an array").iter().map(prepare).collect();

    let authorizer = Authorizer::new();
    let is_allowed = |(request, entities): &(Request, Entities)| authorizer.is_authorized(request, &policies, entities).decision() == Decision::Allow;
    let decisions: Vec<bool> = prepared.iter().map(is_allowed).collect();
    let mut best = 0.0_f64;
    for _ in 0..rounds {
        let (begin, cpu_begin, mut count, mut allowed) = (Instant::now(), cpu_ns(), 0_u64, 0_u64);
        while begin.elapsed().as_millis() < round_ms {
            allowed += prepared.iter().filter(|each| is_allowed(each)).count() as u64;
            count += prepared.len() as u64;
        }
        assert!(allowed > 0 && allowed < count);
        best = best.max(count as f64 / ((cpu_ns() - cpu_begin) as f64 / 1e9));
    }
    println!("{}", json!({ "perCpuSecond": best, "decisions": decisions }));
}

fn prepare(request: &Value) -> (Request, Entities) {
    let uid = |name: &str| EntityUid::from_json(request[name].clone()).expect("a reference to an entity");
    let context = Context::from_json_value(request["context"].clone(), None).expect("a context");
    let request_of = Request::new(uid("principal"), uid("action"), uid("resource"), context, None).expect("a request");
    (request_of, Entities::from_json_value(request["entities"].clone(), None).expect("entities"))
}

/// Of this thread (Linux: first field of schedstat).
fn cpu_ns() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    text.split(' ').next().and_then(|field| field.parse().ok()).expect("a number")
}
