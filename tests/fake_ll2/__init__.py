"""A fake Launch Library 2.3.0 events API for the tests: real HTTP on loopback, with faults on request."""

from tests.fake_ll2.faults import Fault
from tests.fake_ll2.library import FakeLaunchLibrary
from tests.fake_ll2.records import make_record, make_records
from tests.fake_ll2.shapes import Record, SeenRequest

__all__ = ["FakeLaunchLibrary", "Fault", "Record", "SeenRequest", "make_record", "make_records"]
