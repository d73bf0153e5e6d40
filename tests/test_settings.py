"""Settings: read once, checked, and silent about secrets."""

import pytest

from crawler.settings import BadSettings, read_settings


@pytest.fixture
def read(tmp_path):
    return lambda **said: read_settings({f"FALSETTO_{k.upper()}": v for k, v in said.items()}, tmp_path / ".env")


def test_an_empty_environment_gives_sqlite_and_no_platform(read):
    settings = read()
    assert settings.database_url.get_secret_value() == "sqlite:///falsetto.db"
    assert settings.platforms == ()


def test_platforms_are_a_list_and_each_may_be_redirected(read):
    settings = read(
        platforms="deezer, spotify,deezer",
        deezer_base_url="http://127.0.0.1:9/deezer/",
        spotify_client_id="id",
        spotify_client_secret="s3cret",
        itunes_market="DE",
        time_lapse="60",
    )
    assert settings.platforms == ("deezer", "spotify")
    assert settings.access("deezer").base_url == "http://127.0.0.1:9/deezer"
    assert settings.access("spotify").credentials == {"client_id": "id", "client_secret": "s3cret"}
    assert settings.access("itunes").market == "DE"
    assert settings.access("deezer").lapse == 60
    assert not settings.asks_real_hosts("deezer")
    assert settings.asks_real_hosts("spotify")


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"platforms": "napster"}, "FALSETTO_PLATFORMS: unknown platform 'napster'"),
        ({"contact": "nobody"}, "FALSETTO_CONTACT: a mail address or a URL"),
        ({"market": "usa"}, "FALSETTO_MARKET"),
        ({"time_lapse": "-1"}, "FALSETTO_TIME_LAPSE"),
        ({"keep_raw_days": "x"}, "FALSETTO_KEEP_RAW_DAYS"),
    ],
)
def test_a_bad_setting_is_named_in_one_line(read, said, names):
    with pytest.raises(BadSettings) as caught:
        read(**said)
    assert str(caught.value).startswith(names)
    assert "\n" not in str(caught.value)


def test_a_base_url_that_is_no_url_is_named(read):
    with pytest.raises(BadSettings, match="FALSETTO_DEEZER_BASE_URL"):
        read(deezer_base_url="ftp://x").access("deezer")


def test_no_secret_shows_in_a_repr(read):
    settings = read(spotify_client_secret="hush-hush", database_url="postgresql://me:hush-hush@h/d")
    assert "hush-hush" not in repr(settings) + str(settings) + repr(settings.access("spotify"))


def test_the_environment_overrules_dotenv(tmp_path):
    (tmp_path / ".env").write_text("FALSETTO_MARKET=FR\nFALSETTO_CONTACT=a@b.example\n")
    settings = read_settings({"FALSETTO_MARKET": "GB"}, tmp_path / ".env")
    assert (settings.market, settings.contact) == ("GB", "a@b.example")
