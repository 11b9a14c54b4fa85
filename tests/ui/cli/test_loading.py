"""Nothing is collected while code is loaded, and all is as before afterwards, whatever happened."""

from __future__ import annotations

import gc

import pytest

from ui.cli.loading import loading


def test_garbage_is_collected_again_after_loading() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_garbage_is_collected_again_after_an_import_that_failed() -> None:
    with pytest.raises(ModuleNotFoundError), loading():
        import no_such_module  # type: ignore[import-not-found]  # noqa: F401
    assert gc.isenabled()


def test_what_was_loaded_is_left_alone_by_later_collections() -> None:
    before = gc.get_freeze_count()
    with loading():
        loaded = [[place] for place in range(1000)]
    assert gc.get_freeze_count() - before >= len(loaded)
    gc.unfreeze()
