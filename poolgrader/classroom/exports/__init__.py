"""Exports marks as CSV for people, for Canvas and for Moodle; each is also a plugin of `nbgrader export`."""

from poolgrader.classroom.exports.plugins import CanvasExporter, MarksExporter, MoodleExporter

__all__ = ["CanvasExporter", "MarksExporter", "MoodleExporter"]
