"""What every test may ask for."""

import gc

pytest_plugins = ["tests.servers.fixtures"]


def pytest_collection_finish() -> None:
    """Thousands of tests were collected: a gc.collect() of one of them need not look at the others.

    That doubled the time of test_credentials, for example.
    """
    gc.collect()
    gc.freeze()
