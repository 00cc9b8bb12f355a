import re
from pathlib import Path
from types import SimpleNamespace

import nicegui
from jinja2 import DictLoader, Environment, FileSystemLoader

from traumbox.web.nonce import give_nonces


def test_the_templates_scripts_get_it_and_nothing_else_does() -> None:
    environment = Environment(
        loader=DictLoader({"page": "<script>a</script><script src='x'>{{ text | safe }}"}),
        autoescape=True,
    )
    give_nonces(environment)
    give_nonces(environment)
    request = SimpleNamespace(state=SimpleNamespace(csp_nonce="n0"))
    page = environment.get_template("page").render(request=request, text="<script>evil")
    assert page == ('<script nonce="n0">a</script><script nonce="n0" src=\'x\'><script>evil')


def test_no_script_of_niceguis_page_is_left_out() -> None:
    templates = Path(nicegui.__file__).parent / "templates"
    environment = Environment(loader=FileSystemLoader(templates), autoescape=True)
    give_nonces(environment)
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, "index.html")
    scripts = re.findall(r"<script[^>]*>", source)
    assert len(scripts) >= 5
    assert all("nonce=" in script for script in scripts)
    assert not re.search(r"\son[a-z]+=", source), "handlers in attributes can't carry a nonce"
