from traumbox.embedders.builtin import tokens
from traumbox.embedders.builtin.train.captions import strange
from traumbox.embedders.builtin.train.concepts import CONCEPTS, IDIOMS, LANGUAGES
from traumbox.embedders.builtin.train.taught import taught_words
from traumbox.embedders.builtin.train.words.nothing import LITTLE, NOTHING
from traumbox.embedders.builtin.vocabulary import Vocabulary

TAUGHT = taught_words()
KNOWS = Vocabulary.of(TAUGHT)


def wordings(*, unseen: bool) -> list[str]:
    said = [idiom.text for idiom in IDIOMS if idiom.unseen == unseen]
    for concept in CONCEPTS.values():
        for language in LANGUAGES:
            said += [w.text for w in concept.wordings(language, unseen=unseen)]
    return said


def test_all_that_training_says_is_known():
    assert [text for text in wordings(unseen=False) if not KNOWS(text)] == []


def test_wordings_held_back_are_mostly_like_taught_ones():
    unseen = wordings(unseen=True)
    known = sum(map(KNOWS, unseen))
    assert known > 0.9 * len(unseen)
    assert known < len(unseen), "were all known, nothing would be held back"


def test_what_holds_a_sentence_together_tells_nothing():
    for text in ("", "could you find me something like this please", "das ist nicht von mir"):
        assert not KNOWS(text), text
    assert TAUGHT & {word for word in LITTLE.split() if len(word) > 2} == {"hat", "its"}, "hi-hat"


def test_strange_questions_are_mostly_known_by_their_words_and_never_train():
    assert sum(map(KNOWS, strange())) < 0.25 * len(strange())
    little, trained = (
        set(LITTLE.split()),
        {w for text in NOTHING.split() for w in tokens.words(text)},
    )
    asked = {word for text in strange() for word in tokens.words(text)}
    assert not asked & (trained - little)
    assert len(set(strange())) == len(strange()) > 100
