"""Reads the event files of a run with TensorBoard itself.

    pip install tensorboard==2.20.0
    python read_events.py runs/NAME/events

Prints each tag with its count, first and last step; fails where a picture is
not the PNG that it says it is. `src/tensorboard.rs` encodes the same form by
hand, and its tests know the bytes; this is how those were checked.
"""

import struct
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

accumulator = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "images": 0})
accumulator.Reload()
tags = accumulator.Tags()
for tag in tags["scalars"]:
    events = accumulator.Scalars(tag)
    steps = [event.step for event in events]
    assert steps == sorted(set(steps)), f"{tag}: steps are not in order, each once"
    print(f"{tag}: {len(events)} scalars, step {steps[0]} to {steps[-1]}, last {events[-1].value:.4f}")
for tag in tags["images"]:
    events = accumulator.Images(tag)
    for event in events:
        assert event.encoded_image_string.startswith(b"\x89PNG"), f"{tag}: not a PNG"
        width, height = struct.unpack(">II", event.encoded_image_string[16:24])
        assert (width, height) == (event.width, event.height), f"{tag}: {width} x {height}"
    print(f"{tag}: {len(events)} pictures of {events[-1].width} x {events[-1].height}")
assert tags["scalars"], "no scalar was found"
