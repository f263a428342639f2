"""The texts of krb5.conf and kdc.conf for a realm that lives on loopback."""

from pathlib import Path

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1", "opswire.test", ".opswire.test")


def krb5_conf(realm: str, kdc: str, folder: Path) -> str:
    """The client's configuration: no DNS at all, and the KDC at `kdc` (address:port).

    qualify_shortname is empty because libkrb5 would append the machine's search domain to
    "localhost"; the replay cache stands in `folder` because the default is a file in /var/tmp
    that other users' servers share.
    """
    hosts = "\n".join(f"    {host} = {realm}" for host in LOCAL_HOSTS)
    return f"""\
[libdefaults]
    default_realm = {realm}
    dns_canonicalize_hostname = false
    dns_lookup_kdc = false
    dns_lookup_realm = false
    qualify_shortname = ""
    rdns = false
    default_rcache_name = file2:{folder}/replay_cache

[realms]
    {realm} = {{
        kdc = {kdc}
    }}

[domain_realm]
{hosts}
"""


def kdc_conf(realm: str, listen: str, folder: Path) -> str:
    """The KDC's configuration: database and log in `folder`, listening at `listen` only."""
    return f"""\
[kdcdefaults]
    kdc_listen = {listen}
    kdc_tcp_listen = {listen}

[realms]
    {realm} = {{
        database_name = {folder}/principal
        key_stash_file = {folder}/stash
        acl_file = {folder}/kadm5.acl
        max_life = 24h
        supported_enctypes = aes256-cts-hmac-sha1-96:normal
    }}

[logging]
    kdc = FILE:{folder}/krb5kdc.log
    admin_server = FILE:{folder}/kadmin.log
"""
