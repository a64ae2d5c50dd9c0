"""PyTorch module → ONNX graph: float32 at its border and in its arithmetic, float16 in the files.

Weights lie outside of the graph in `weights-N.bin`, one pool for all graphs of a folder: a tensor that two graphs share
is stored once, and no file grows beyond what a git host takes without complaint.
"""
import hashlib
import io

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

OPSET = 16
POOL_LIMIT_BYTES = 7 * 2**20
# Smaller tensors stay in the graph, where they are easier to look at.
INLINE_BYTES = 1024


class WeightPool:
    """Writes the tensors of a folder's graphs, each content once."""

    def __init__(self, folder):
        self.folder, self.known, self.files, self.size = folder, {}, 0, POOL_LIMIT_BYTES

    def place(self, data):
        """bytes → (file name, offset)."""
        digest = hashlib.sha256(data).digest()
        if digest not in self.known:
            if self.size + len(data) > POOL_LIMIT_BYTES and self.size > 0:
                self.files, self.size = self.files + 1, 0
                (self.folder / self._name()).write_bytes(b'')
            with open(self.folder / self._name(), 'ab') as file:
                file.write(data)
            self.known[digest] = self._name(), self.size
            self.size += len(data)
        return self.known[digest]

    def _name(self):
        return f'weights-{self.files}.bin'


def round_weights(module):
    """Round to what the files hold, so that module and graph are the same function."""
    for tensor in [*module.parameters(), *module.buffers()]:
        if tensor.is_floating_point():
            tensor.data = tensor.data.half().float()
    return module.eval().requires_grad_(False)


def export_graph(module, examples, inputs, outputs, dynamic, path, pool):
    """Trace `module(*examples)` and write it to `path`; names and dynamic axes as torch.onnx.export takes them."""
    buffer = io.BytesIO()
    torch.onnx.export(module, examples, buffer, opset_version=OPSET, input_names=inputs, output_names=outputs,
                      dynamic_axes=dynamic, do_constant_folding=True)
    model = onnx.load_from_string(buffer.getvalue())
    halve_weights(model.graph)
    onnx.checker.check_model(model)
    refuse_large_ranks(model)
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) >= INLINE_BYTES:
            location, offset = pool.place(tensor.raw_data)
            length = len(tensor.raw_data)
            tensor.ClearField('raw_data')
            tensor.data_location = TensorProto.EXTERNAL
            for key, value in (('location', location), ('offset', offset), ('length', length)):
                tensor.external_data.add(key=key, value=str(value))
    del model.metadata_props[:]
    model.producer_name, model.producer_version, model.doc_string = 'steadyframe', '', ''
    path.write_bytes(model.SerializeToString(deterministic=True))


def halve_weights(graph):
    """float32 initialisers become float16 and a Cast, which the runtime folds when it loads the graph."""
    casts = []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype == np.float32 and array.nbytes >= INLINE_BYTES:
            name = tensor.name
            if np.abs(array).max() > np.finfo(np.float16).max:
                raise ValueError(f'{name} does not fit float16')
            tensor.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f'{name}.f16'))
            casts.append(helper.make_node('Cast', [f'{name}.f16'], [name], to=TensorProto.FLOAT))
        elif not tensor.HasField('raw_data'):
            tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def refuse_large_ranks(model):
    """Execution providers of graphics cards stop at five dimensions (DirectML at eight, WebGPU kernels at five)."""
    for value in onnx.shape_inference.infer_shapes(model).graph.value_info:
        if len(value.type.tensor_type.shape.dim) > 5:
            raise ValueError(f'{value.name} has more than five dimensions')
