import pytest

from tests.search.sentence.library import ask, at, chips

WEEK, MONTH, NEW = at(2026, 7, 13), at(2026, 7, 1), at(2026, 6, 15)


def _until(*date: int) -> str:
    return str(int(at(*date)) - 1)


ADDED = {
    "added this week": f"{WEEK}..",
    "added today": f"{at(2026, 7, 15)}..",
    "added yesterday": f"{at(2026, 7, 14)}..{_until(2026, 7, 15)}",
    "added this month": f"{MONTH}..",
    "added this year": f"{at(2026, 1, 1)}..",
    "added last week": f"{at(2026, 7, 6)}..{_until(2026, 7, 13)}",
    "added last month": f"{at(2026, 6, 1)}..{_until(2026, 7, 1)}",
    "added in the last 7 days": f"{at(2026, 7, 8)}..",
    "added in the past two weeks": f"{at(2026, 7, 1)}..",
    "added since March": f"{at(2026, 3, 1)}..",
    "added since September": f"{at(2025, 9, 1)}..",
    "added in May": f"{at(2026, 5, 1)}..{_until(2026, 6, 1)}",
    "added since 2024": f"{at(2024, 1, 1)}..",
    "added since 2024-03-01": f"{at(2024, 3, 1)}..",
    "recently added": f"{NEW}..",
    "newly added": f"{NEW}..",
    "that I added last week": f"{at(2026, 7, 6)}..{_until(2026, 7, 13)}",
    "new this week": f"{WEEK}..",
    "diese Woche hinzugefügt": f"{WEEK}..",
    "heute hinzugefügt": f"{at(2026, 7, 15)}..",
    "gestern hinzugefügt": f"{at(2026, 7, 14)}..{_until(2026, 7, 15)}",
    "in den letzten 7 Tagen hinzugefügt": f"{at(2026, 7, 8)}..",
    "letzten Monat hinzugefuegt": f"{at(2026, 6, 1)}..{_until(2026, 7, 1)}",
    "seit März hinzugefügt": f"{at(2026, 3, 1)}..",
    "seit 1.3.2024 hinzugefügt": f"{at(2024, 3, 1)}..",
    "neu hinzugefügt": f"{NEW}..",
    "kürzlich hinzugefügt": f"{NEW}..",
    "new": f"{NEW}..",
    "neu": f"{NEW}..",
    "new songs": f"{NEW}..",
    "neue Lieder": f"{NEW}..",
    "etwas Neues": f"{NEW}..",
    "was gibt's Neues": f"{NEW}..",
}
PLAYED = {
    "never played": "played:never",
    "never heard": "played:never",
    "unplayed": "played:never",
    "not yet played": "played:never",
    "that I've never heard": "played:never",
    "I haven't heard yet": "played:never",
    "nie gehört": "played:never",
    "noch nie gehört": "played:never",
    "noch nicht gehört": "played:never",
    "die ich noch nie gehört habe": "played:never",
    "already heard": "played:ever",
    "schon gehört": "played:ever",
    "recently played": f"played_s:{at(2026, 7, 1)}..",
    "played recently": f"played_s:{at(2026, 7, 1)}..",
    "zuletzt gehört": f"played_s:{at(2026, 7, 1)}..",
    "played today": f"played_s:{at(2026, 7, 15)}..",
    "played last month": f"played_s:{at(2026, 6, 1)}..{_until(2026, 7, 1)}",
    "diese Woche gehört": f"played_s:{WEEK}..",
    "not played for a year": f"-played_s:{at(2025, 7, 15)}..",
    "I haven't heard in 30 days": f"-played_s:{at(2026, 6, 15)}..",
    "seit einem Jahr nicht gehört": f"-played_s:{at(2025, 7, 15)}..",
    "seit 30 Tagen nicht mehr gehört": f"-played_s:{at(2026, 6, 15)}..",
    "not heard for a long time": f"-played_s:{at(2026, 1, 14)}..",
    "lange nicht gehört": f"-played_s:{at(2026, 1, 14)}..",
}
NOT_MEANT = (
    *("new wave", "New York", "New Order", "Neu!", "new age", "Neue Deutsche Welle", "played"),
    *("Yesterday", "heute", "last Christmas", "This Week", "Never Gonna Give You Up", "in May"),
    *("added 31.2.2024", "since March", "the last 7 days", "heard it through the grapevine"),
)


@pytest.mark.parametrize(("text", "span"), ADDED.items())
def test_when_tracks_were_added(text: str, span: str) -> None:
    assert chips(text) == [f"added_s:{span}"]


@pytest.mark.parametrize(("text", "chip"), PLAYED.items())
def test_when_tracks_were_played(text: str, chip: str) -> None:
    assert chips(text) == [chip]


@pytest.mark.parametrize("text", NOT_MEANT)
def test_words_of_time_that_are_no_filter(text: str) -> None:
    assert chips(text) == []
    assert ask(text).names.rstrip("!") == text.rstrip("!")
