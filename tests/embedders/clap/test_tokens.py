import pytest

from tests.embedders.clap import checkpoints
from traumbox.embedders.clap.tokens import MAX_TOKENS, Tokenizer
from traumbox.errors import ModelError

SENTENCES = (
    *checkpoints.SENTENCES,
    "",
    " ",
    "   \t\n ",
    "one",
    " leading and trailing ",
    "two  spaces\nand a line",
    "<s> what </s> <mask> if <pad> <unk> someone types these",
    "word " * 200,
    "音" * 300,
    "e\u0301 é ﷽ \u200b \x00 \U0001f468\u200d\U0001f469\u200d\U0001f467",
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clap-music")
    checkpoints.vocabulary(folder)
    return folder


def test_ids_are_those_of_robertas_tokenizer(directory):
    transformers = pytest.importorskip("transformers", reason="transformers isn't installed")
    theirs = transformers.RobertaTokenizer(
        vocab=str(directory / "vocab.json"),
        merges=str(directory / "merges.txt"),
        # As the files of roberta-base on the hub have it.
        mask_token=transformers.AddedToken("<mask>", lstrip=True, special=True),
    )
    ours = Tokenizer(directory)
    for sentence in SENTENCES:
        expected = theirs(sentence, max_length=MAX_TOKENS, truncation=True)["input_ids"]
        assert ours.encode(sentence).tolist() == expected, sentence


def test_a_sentence_stands_between_begin_and_end_without_padding(directory):
    ids = Tokenizer(directory).encode("slow piano").tolist()
    assert (ids[0], ids[-1]) == (0, 2)
    assert 1 not in ids
    assert Tokenizer(directory).encode("").tolist() == [0, 2]


def test_a_long_sentence_is_cut_and_still_ended(directory):
    ids = Tokenizer(directory).encode("piano " * 200)
    assert len(ids) == MAX_TOKENS
    assert ids[-1] == 2


def test_half_a_surrogate_pair_is_no_reason_to_fail(directory):
    assert len(Tokenizer(directory).encode("piano \ud83d")) > 2


@pytest.mark.parametrize("harm", ["missing", "garbage", "no specials"])
def test_damaged_files_are_named_with_the_remedy(tmp_path, harm):
    folder = tmp_path / "clap-music"
    vocab, _ = checkpoints.vocabulary(folder)
    if harm == "missing":
        vocab.unlink()
    else:
        vocab.write_text("{" if harm == "garbage" else '{"a": 0}', "utf-8")
        (folder / "merges.txt").write_text("#version: 0.2\n", "utf-8")
    with pytest.raises(ModelError, match=r"vocab\.json.*traumbox model fetch clap-music"):
        Tokenizer(folder)
