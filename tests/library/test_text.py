import pytest

from traumbox.library.text import decoded_text

SAMPLES = {
    "cp1252": [
        "Für Elise",
        "Mélanie Laurent – En t'attendant",
        "Sigur Rós\nÁgætis byrjun\nSvefn-g-englar\nStarálfur\nNý batterí\nViðrar vel",
        "Beyoncé\nDéjà Vu",
        "João Gilberto\nChega de Saudade\nCoração Vagabundo",
        "Don’t Fear the Reaper",
    ],
    "cp1251": ["Кино\nГруппа крови", "Ария\nУлица роз", "Земфира\nИскала\nХочешь?"],
    "cp932": ["久石譲\nとなりのトトロ\nさんぽ", "宇多田ヒカル\nFirst Love"],
    "gb18030": ["周杰伦\n七里香\n我的地盘\n借口", "邓丽君\n月亮代表我的心"],
    "utf-8": ["Ünïcödé 夢 – мечта"],
    "utf-16-le": ["TITLE Für Elise"],
    "utf-16-be": ["TITLE Für Elise"],
}


@pytest.mark.parametrize("encoding", SAMPLES)
def test_the_code_pages_of_rippers_are_told_apart(encoding: str) -> None:
    for names in SAMPLES[encoding]:
        whole = 'PERFORMER "X"\r\nFILE "CD Image.wav" WAVE\r\n' + names
        for text in (names, whole):
            assert decoded_text(text.encode(encoding)) == (text, encoding)


def test_a_byte_order_mark_decides() -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        assert decoded_text("Für 夢".encode(encoding))[0] == "Für 夢"


def test_bytes_that_mean_nothing_stop_nobody() -> None:
    assert decoded_text(b"") == ("", "utf-8")
    assert decoded_text(b"a\x81b") == ("a�b", "cp1252")
    assert decoded_text(b"\xef\xbb\xbf\xff") == ("�", "utf-8")
