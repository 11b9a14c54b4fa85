"""What a server counts and logs of the requests it gets, and what it doesn't."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import httpx

from tests.ui.serving import serve_service
from ui.server.traffic import Traffic, metrics_text

SAMPLE_LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [0-9.]+')


def test_requests_are_counted_by_area_and_timed_where_they_end() -> None:
    traffic = Traffic()
    for seconds in (0.04, 0.3, 40.0):
        traffic.count("POST", "/api/ask", 200, seconds)
    traffic.count("GET", "/en/gradio_api/heartbeat/x", 200, 3600.0)
    for path in ("/secret-1", '/"}\n', "/apis"):
        traffic.count("BREW", path, 404, 0.0)
    text = metrics_text(traffic, {})
    assert 'gazette_requests_total{method="POST",area="/api/ask",status="200"} 3\n' in text
    assert 'gazette_requests_total{method="GET",area="/en",status="200"} 1\n' in text
    assert 'gazette_requests_total{method="other",area="other",status="404"} 3\n' in text
    counts = re.findall(r'seconds_bucket\{area="/api/ask",le="([^"]+)"\} (\d+)', text)
    assert dict(counts) == {
        **dict.fromkeys(("0.05", "0.1", "0.25"), "1"),
        **dict.fromkeys(("0.5", "1.0", "2.5", "5.0", "10.0", "30.0"), "2"),
        "+Inf": "3",
    }
    assert 'gazette_request_seconds_sum{area="/api/ask"} 40.340000\n' in text
    assert "heartbeat" not in text
    assert all(line.startswith("#") or SAMPLE_LINE.fullmatch(line) for line in text.splitlines())


def test_a_server_shows_its_counts_and_logs_no_word_of_a_question(sample_archive: Path, tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    with (
        serve_service(sample_archive, settings="logs_requests=True", errors=errors) as served,
        httpx.Client(base_url=served.address, timeout=60, trust_env=False) as client,
    ):
        client.post("/api/ask", json={"question": "Who met in Zanzibar?"})
        client.get("/api/search", params={"question": "Who met in Zanzibar?"})
        client.post("/api/ask", json={"question": "Who met in Zanzibar?", "colour": "Zanzibar"})
        client.get("/nothing")
        client.get("/shared/" + "Zanzibar" * 5)
        metrics = client.get("/metrics")
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(timeout=60)
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "gazette_ready 1\n" in metrics.text
    assert "gazette_answers_in_flight 0\n" in metrics.text
    assert 'gazette_requests_total{method="POST",area="/api/ask",status="422"} 1\n' in metrics.text
    assert 'gazette_request_seconds_count{area="/api/search"} 1\n' in metrics.text
    written = errors.read_text("utf-8")
    logged = [json.loads(line) for line in written.splitlines()]
    paths = ["/api/ask", "/api/search", "/api/ask", "/nothing", "/shared/…", "/metrics"]
    assert [(row["path"], row["status"]) for row in logged] == list(
        zip(paths, (200, 200, 422, 404, 404, 200), strict=True)
    )
    assert all(row["ms"] >= 0 and row["who"] is None for row in logged)
    assert "Zanzibar" not in written
