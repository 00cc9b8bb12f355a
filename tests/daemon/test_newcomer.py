"""Someone who has no music configured yet presses the button for the demo."""

from pathlib import Path

import pytest

from tests.house import DaemonHouse
from traumbox.synth.pieces import PIECES

pytestmark = pytest.mark.process


def test_the_demo_button_leads_to_a_first_search(tmp_path: Path) -> None:
    with DaemonHouse(tmp_path, folders=False) as house:
        assert house.counts() == {"indexed": 0, "pending": 0, "failed": 0, "excluded": 0}
        assert house.get("/api/v1/demo", method="POST")[0] == 202
        counts = house.wait_until_heard(len(PIECES), timeout_s=240)
        assert counts["indexed"] == len(PIECES)
        assert [folder["name"] for folder in house.json("/api/v1/status")["folders"]] == ["Demo"]
        assert house.search("drums")
        covered = [hit for hit in house.search("piano") if hit["track"]["cover"]]
        status, jpeg, _ = house.get(covered[0]["track"]["cover"])
        assert status == 200
        assert jpeg.startswith(b"\xff\xd8")
    assert "name: Demo" in house.config.read_text()
