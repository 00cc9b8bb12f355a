from tests.web.desk import BUILTIN, CLAP_GENERAL, CLAP_MUSIC
from traumbox.domain import ChangeProgress, FetchProgress, ModelsStatus
from traumbox.web.panel.pages.models import at_work

MODELS = (BUILTIN, CLAP_MUSIC, CLAP_GENERAL)


def test_without_work_the_rail_gets_no_models() -> None:
    assert at_work(ModelsStatus("auto", "builtin", MODELS)) == {
        "fetch": None,
        "change": None,
        "models": [],
    }


def test_the_rail_gets_what_is_being_done_and_about_which_models() -> None:
    fetch = FetchProgress(CLAP_GENERAL.name, "download", 1, 2)
    change = ChangeProgress(BUILTIN.name, CLAP_MUSIC.name, 3, 4)
    shown = at_work(ModelsStatus("auto", "builtin", MODELS, fetch, change))
    assert [model["name"] for model in shown["models"]] == [CLAP_MUSIC.name, CLAP_GENERAL.name]
    assert (shown["fetch"]["done_bytes"], shown["change"]["done"]) == (1, 3)
