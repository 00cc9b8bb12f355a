"""Judge the search: nDCG@10 of its parts alone and together, over a made-up library.

The first run composes, plays and hears the pieces, which takes about half a second of one core
for each; later runs find what was heard in the cache.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.queries.judging import Scored, answerable, groups, honesty, judge, mean
from tests.bench.queries.listening import listen_to_all
from tests.bench.queries.pieces import Piece, draw_library
from tests.bench.queries.shelf import Shelf
from tests.bench.queries.ways import ways_of
from traumbox.embedders.builtin.embedder import BuiltinEmbedder
from traumbox.stores.lance import LanceIndex

CACHE = Path(".cache", "queries")


def main() -> None:
    options = _options()
    pieces = draw_library(options.pieces, options.seed)
    begin_s = time.monotonic()
    heard = listen_to_all(pieces, options.cache, options.workers, _progress)
    print(f"\rheard in {time.monotonic() - begin_s:.0f} s" + 20 * " ", file=sys.stderr)
    embedder = BuiltinEmbedder(threads=options.workers)
    with tempfile.TemporaryDirectory(prefix="traumbox-queries-") as directory:
        index = LanceIndex(Path(directory) / "index", embedder.card)
        shelf = Shelf(Path(directory), index, embedder, time.time())
        shelf.store(pieces, heard)
        results = _judged(shelf, pieces)
        shelf.close()
    about = {"pieces": len(pieces), "seed": options.seed, "model": embedder.card.id}
    if options.json:
        print(json.dumps({"version": 1, **about, "ways": results}, indent=1, ensure_ascii=False))
        return
    print(f"{about['pieces']:,} pieces, model {about['model']}, nDCG@10\n")
    _print_table(results)
    if options.worst:
        _print_worst(results, options.worst)


def _judged(shelf: Shelf, pieces: list[Piece]) -> dict[str, Any]:
    asked = answerable(pieces)
    results: dict[str, Any] = {}
    for name, ask in ways_of(shelf.search).items():
        scored: list[Scored] = judge(ask, asked, shelf)
        results[name] = {
            "ndcg": {group: round(mean(ones), 4) for group, ones in groups(scored).items()},
            "counts": {group: len(ones) for group, ones in groups(scored).items()},
            "nothing fits": round(honesty(ask), 4),
            "queries": {one.query.text: round(one.ndcg, 4) for one in scored},
        }
    return results


def _print_table(results: dict[str, Any]) -> None:
    names = list(results)
    first = results[names[0]]
    print(f"| queries | | {' | '.join(names)} |")
    print("|---|---|" + len(names) * "---|")
    for group, count in first["counts"].items():
        cells = " | ".join(f"{results[name]['ndcg'][group]:.3f}" for name in names)
        print(f"| {group} | {count} | {cells} |")
    cells = " | ".join(f"{results[name]['nothing fits']:.0%}" for name in names)
    print(f"| nothing there: said so | | {cells} |")


def _print_worst(results: dict[str, Any], count: int) -> None:
    name, last = list(results.items())[-1]
    print(f"\nworst with {name}:")
    for text, score in sorted(last["queries"].items(), key=lambda item: item[1])[:count]:
        print(f"  {score:.2f}  {text}")


def _progress(done: int, total: int) -> None:
    print(f"\r{done:,} of {total:,} pieces heard", end="", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.queries",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pieces", type=int, default=2000, help="how large a library (2000)")
    parser.add_argument("--seed", type=int, default=1, help="of the library")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    parser.add_argument("--worst", type=int, default=0, help="list so many badly answered queries")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where what was heard is kept")
    cores = len(os.sched_getaffinity(0))
    parser.add_argument("--workers", type=int, default=cores, help=f"processes ({cores})")
    return parser.parse_args()


if __name__ == "__main__":
    main()
