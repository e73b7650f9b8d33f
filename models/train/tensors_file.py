"""Reads and writes safetensors files: a JSON header, then raw little-endian values."""

import json
import os
import struct

import numpy as np
import torch


def save_tensors(path, tensors, metadata):
    """`tensors`: name → float32 tensor; `metadata`: name → anything JSON can hold (strings are kept as they are)."""
    header = {"__metadata__": {k: v if isinstance(v, str) else json.dumps(v) for k, v in metadata.items()}}
    offset, parts = 0, []
    for name, tensor in tensors.items():
        values = np.ascontiguousarray(tensor.detach().cpu().numpy(), dtype="<f4")
        end = offset + values.nbytes
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [offset, end]}
        offset = end
        parts.append(values.tobytes())
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    temporary = path + ".part"
    with open(temporary, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for part in parts:
            file.write(part)
    os.replace(temporary, path)


def load_tensors(path):
    """→ (name → float32 tensor, metadata as strings)."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{path}: {name} is {entry['dtype']}, only F32 is read")
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = torch.from_numpy(np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).copy())
    return tensors, metadata
