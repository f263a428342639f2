"""opswire.redaction.names: one vocabulary, as much for what is no secret as for what is."""

import pytest

from opswire.redaction.names import (
    is_identity,
    is_secret_name,
    is_working_directory,
    looks_random,
    may_be_secret_name,
)


@pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "auth", "basic_auth"),
        *("X-Auth", "auth_header", "pwd", "PWD_OF_DB", "userPwd", "pw", "db_pw", "credentials"),
        *("creds", "community", "snmp_community", "communityString", "community_name"),
        *("session_id", "sessionId", "JSESSIONID", "PHPSESSID", "vmware-api-session-id"),
        *("X-HP3PAR-Session", "X-Api-Session", "X-IBM-Session-Key", "Ocp-Apim-Subscription-Key"),
        *("ticket", "CSRFPreventionToken", "token", "API_TOKEN", "refreshToken", "client_secret"),
        *("passwd", "Password", "password2", "passphrase", "db_pass", "sshpass", "pass_"),
        *("ssh_key", "apikey", "X-API-Key", "APIKey", "encryption_key", "privateKey", "authKey"),
        *("access_key_id", "AccountKey", "jwt", "X-CSRF", "signature", "psk", "tokens_secret"),
        *("access_tokens", "private_key_2"),
    ],
)
def test_names_of_secrets(name: str) -> None:
    """In any case and spelling."""
    assert is_secret_name(name)
    assert is_secret_name(name.lower())
    assert is_secret_name(name.upper())


@pytest.mark.parametrize(
    "name",
    [
        *("token_type", "tokenType", "token_url", "token_endpoint", "token_expires_in"),
        *("expires_in", "passwordExpiry", "password_expires_at", "max_tokens", "total_tokens"),
        *("prompt_tokens", "tokens", "tokenizer", "tokenize", "key", "keys", "author", "authority"),
        *("authenticated", "authentication", "authorized", "oauth", "secretary", "passenger"),
        *("bypass", "compass", "passed", "passive", "first_passing", "monkey", "keyword"),
        *("keyboard", "primary_key", "sort_key", "public_key", "session", "sessions"),
        *("session_timeout", "side", "cookie_count", "cookie_name", "password_file", "key_file"),
        *("private_key_path", "ticket_number", "ticket_type", "signature_algorithm"),
        *("communication", "pwm", "powder", "design", "credit", "User-Agent", "Content-Type", ""),
        *("max_output_tokens", "x" * 300 + "password"),
    ],
)
def test_other_names(name: str) -> None:
    """Programs act on them, and reports are made of them."""
    assert not is_secret_name(name)


@pytest.mark.parametrize("name", ["key", "keys", "KEY", "sort_key", "tokens", "authentication"])
def test_names_of_which_the_value_decides(name: str) -> None:
    """Those that loops and dictionaries are full of."""
    assert may_be_secret_name(name)
    assert not is_secret_name(name)


@pytest.mark.parametrize("name", ["public_key", "pubkey", "max_tokens", "keyword", "monk"])
def test_names_of_which_no_value_is_a_secret(name: str) -> None:
    """Whatever it looks like."""
    assert not may_be_secret_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
        "550e8400-e29b-41d4-a716-446655440000",
        "5d41402abc4b2a76b9719d911017c592",
        "AKIA4IOSFODNN7EXAMPLE",
        "a1b2c3d4e5f6a7b8",
        "dGhpcyBpcyBub3QgYSBzZWNyZXQ=",
    ],
)
def test_generated_keys_look_random(text: str) -> None:
    """Letters and digits change often in them."""
    assert looks_random(text)


@pytest.mark.parametrize(
    "text",
    [
        "cpu_load_15min_average",
        "GigabitEthernet0/1/0/23",
        "interface.GigabitEthernet0",
        "2026-11-28T10:11:12",
        "192.168.100.100:8080",
        "server01.dc2.example.com",
        "/dev/mapper/vg00-lv01a2b3c4",
        "what was said before",
        "a7b8c9d0",
        "a1b2c3d4e5f6a7b",
        "",
    ],
)
def test_words_of_reports_do_not(text: str) -> None:
    """Names of items, hosts, interfaces and files, and dates."""
    assert not looks_random(text)


@pytest.mark.parametrize("name", ["user", "userName", "login", "host", "scope", "expires_at", "id"])
def test_what_identifies_is_no_secret(name: str) -> None:
    """Though it may stand among credentials."""
    assert is_identity(name)
    assert not is_identity("value")


def test_the_working_directory_is_no_password() -> None:
    """Of the shell's two variables, if they hold a path."""
    assert is_working_directory("PWD", "/omd/sites/prod")
    assert is_working_directory("OLDPWD", "/")
    assert not is_working_directory("PWD", "s3cr3t/pwd")
    assert not is_working_directory("db_pwd", "/s3cr3t/pwd")
