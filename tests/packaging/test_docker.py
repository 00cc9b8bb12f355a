import re
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from traumbox.cli.arguments import parse
from traumbox.config import load
from traumbox.config.environment import CONFIG_NAME, variables

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"


IMAGE = ""
"""The last stage has no name: it is what is built unless a target is named."""


@pytest.fixture
def stages():
    """Each stage's instructions, lines joined, with those of the stages it is built on before."""
    text = (DOCKER / "Dockerfile").read_text().replace("\\\n", " ")
    stages: dict[str, str] = {}
    for stage in re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]:
        origin, _, instructions = stage.partition("\n")
        origin, _, name = origin.partition(" AS ")
        stages[name] = stages.get(origin, "") + instructions
    return stages


@pytest.fixture
def dockerfile(stages):
    return stages[IMAGE]


@pytest.fixture
def services():
    return YAML(typ="safe").load((DOCKER / "compose.yaml").read_text())["services"]


@pytest.fixture
def service(services):
    return services["traumbox"]


def command(dockerfile: str) -> list[str]:
    return eval(re.search(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)[1])  # noqa: S307 - our own file


def test_the_image_runs_our_command_as_nobody_special(dockerfile):
    assert re.search(r"^USER 10001:10001$", dockerfile, re.MULTILINE)
    program, *arguments = command(dockerfile)
    assert program == "traumbox"
    assert parse(arguments).command == "run"


def test_the_images_variables_are_known(dockerfile):
    known = {*variables(), CONFIG_NAME}
    assert set(re.findall(r"TRAUMBOX_\w+", dockerfile)) <= known


def test_the_images_configuration_is_in_order(dockerfile):
    settings = load(DOCKER / "traumbox.yaml", {})
    assert str(settings.data_dir) == "/data"
    assert [str(folder.path) for folder in settings.folders] == ["/music"]
    assert f"EXPOSE {settings.web.port}" in dockerfile
    assert "/data/address" in dockerfile
    assert "COPY --chown=10001:10001 docker/traumbox.yaml /config/traumbox.yaml" in dockerfile


def test_the_health_check_needs_nothing_but_python(dockerfile):
    arguments = eval(re.search(r"HEALTHCHECK .*CMD (\[.*\])", dockerfile)[1])  # noqa: S307 - our own file
    assert arguments[:2] == ["python", "-c"]
    compile(arguments[2], "health check", "exec")
    assert "/api/v1/health" in arguments[2]


def test_the_base_has_no_torch(stages):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert not [name for name in project["dependencies"] if name.startswith("torch")]
    assert "--from=plain " in stages[IMAGE]
    assert "-r clap.txt" in stages["converter"]
    assert "-r clap.txt" not in stages["plain"]
    assert "laion-clap" not in stages["plain"]


def test_the_converters_image_fetches_the_default_model(stages):
    assert "--from=converter " in stages["clap"]
    assert stages["clap"].startswith(stages["base"])
    program, *arguments = command(stages["clap"])
    assert program == "traumbox"
    parsed = parse(arguments)
    assert (parsed.command, parsed.name) == ("model", "clap-music")


def test_image_and_makefile_install_the_same_converter(stages):
    makefile = (ROOT / "Makefile").read_text()
    (wanted,) = re.findall(r"^LAION_CLAP := (\S+)$", makefile, re.MULTILINE)
    assert f"pip install --no-deps {wanted} " in stages["converter"]
    assert "$(PIP_INSTALL) --no-deps $(LAION_CLAP)" in makefile


def test_everything_the_image_copies_reaches_the_builder():
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copied = re.findall(
        r"^COPY (?!--from)(?:--\S+ )*(.+) \S+$", (DOCKER / "Dockerfile").read_text(), re.MULTILINE
    )
    sources = {source for line in copied for source in line.split()}
    assert sources == let_in
    for source in sources:
        assert (ROOT / source).exists()


def test_compose_gives_the_container_little(service):
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert service["build"] == {"context": "..", "dockerfile": "docker/Dockerfile"}
    assert "privileged" not in service


def test_compose_converts_into_the_services_data_with_as_little(services):
    converter, service = services["clap"], services["traumbox"]
    assert converter["profiles"] == ["clap"]  # not with a plain "up"
    assert converter["build"]["target"] == "clap"
    assert converter["network_mode"] == "service:traumbox"
    assert "data:/data" in converter["volumes"]
    assert not any("/music" in volume for volume in converter["volumes"])
    for least in ("read_only", "cap_drop", "security_opt", "init", "pids_limit"):
        assert converter[least] == service[least]


def test_compose_mounts_the_music_read_only_and_keeps_the_rest(service):
    music, config, data = service["volumes"]
    assert music.endswith(":/music:ro")
    assert config == "config:/config"
    assert data == "data:/data"


def test_composes_variables_are_known(service):
    assert set(service["environment"]) <= set(variables())
