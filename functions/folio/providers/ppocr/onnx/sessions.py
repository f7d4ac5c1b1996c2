"""Networks in onnxruntime: a session of each, what it is shown, and the memory that all of them share.

Each call takes one thread, for pages are read side by side.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from folio.config.environment import disable_telemetry
from folio.documents.raster.pixels import Grey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float32]

# Of the shared memory. A page of A4 takes 270 MB, of which a single tensor has at most 60. A region counts whole
# against what a process may have; with regions of 64 MB those of one page hardly fit the next (690 MB instead of 600).
_FIRST_REGION_BYTES, _REGION_BYTES = 2**16, 2**28
_UNUSED_BYTES = 2**20  # at the end of a piece that is handed out; the rest stays for others


def make_session(model: bytes) -> Any:
    disable_telemetry()
    import onnxruntime

    _share_memory()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.use_env_allocators", "1")
    # Weights would stand among what pages take, so that nothing around them could be given back.
    options.add_session_config_entry("session.use_device_allocator_for_initializers", "1")
    options.enable_mem_pattern = False  # a plan for each size of image, kept for ever, and one piece as large as all
    options.log_severity_level = 3
    # A tenth of the detector's weights are denormal numbers, with which a processor is slow: with them detection takes
    # two and a half times as long. Only a process's first session is asked.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def run(session: Any, image: Grey) -> "Floats":
    """Return what a network says of a grey image."""
    values: Floats = _run(session, _scaled(image, _channels(session)))
    return values


def begin_memory(session: Any) -> None:
    """Let a small image take memory first: its region, as large as it needs, is never given back."""
    import numpy as np

    run(session, np.zeros((32, 32), np.uint8))


def release_memory(session: Any) -> None:
    """Give the system back what all sessions keep for the next page; any of them, as it takes any size of image."""
    import numpy as np
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    _run(session, np.zeros((1, _channels(session), 32, 32), np.float32), options)


@cache
def _share_memory() -> None:
    """Have all sessions take memory from one store, which keeps it.

    Memory from the system for each tensor of a page costs a fifth of detection's time. Tensors of all sizes are cut out
    of large regions, of which only what is written to is taken: with a region for each tensor those of one page hardly
    fit the next. The first region is never given back, so it is small.
    """
    import onnxruntime

    memory = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    sizes = {
        "arena_extend_strategy": 0,
        "initial_chunk_size_bytes": _FIRST_REGION_BYTES,
        "initial_growth_chunk_size_bytes": _REGION_BYTES,
        "max_power_of_two_extend_bytes": _REGION_BYTES,
        "max_dead_bytes_per_chunk": _UNUSED_BYTES,
    }
    onnxruntime.create_and_register_allocator(memory, onnxruntime.OrtArenaCfg(sizes))


def _run(session: Any, pixels: "Floats", options: Any = None) -> Any:
    return session.run(None, {session.get_inputs()[0].name: pixels}, options)[0]


def _channels(session: Any) -> int:
    """Return how many times a network is shown a grey image."""
    count: int = session.get_inputs()[0].shape[1]
    return count


def _scaled(image: Grey, channels: int) -> "Floats":
    """Return 1 x channels x height x width between -1 and 1, as the networks were trained."""
    import numpy as np

    grey = image.astype(np.float32)
    grey /= 127.5
    grey -= 1.0
    return np.ascontiguousarray(np.broadcast_to(grey, (1, channels, *grey.shape)))
