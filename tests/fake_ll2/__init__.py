"""A fake Launch Library 2.3.0 for the tests, with events and launches: real HTTP on loopback, faults on request."""

from tests.fake_ll2.faults import Fault
from tests.fake_ll2.launches import make_launch
from tests.fake_ll2.library import FakeLaunchLibrary
from tests.fake_ll2.records import make_record, make_records
from tests.fake_ll2.shapes import Record, SeenRequest

__all__ = ["FakeLaunchLibrary", "Fault", "Record", "SeenRequest", "make_launch", "make_record", "make_records"]
