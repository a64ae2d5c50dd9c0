"""PyTorch module → ONNX graph: float32 at its border and in its arithmetic, float16 or, for matrices, int8 in the files.

Weights lie outside of the graph in `weights-N.bin`, one pool for all graphs of a folder: a tensor that two graphs share
is stored once, and no file grows beyond what a git host takes without complaint.
"""
import hashlib
import inspect
import io

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

OPSET = 16
POOL_LIMIT_BYTES = 7 * 2**20
# Smaller tensors stay in the graph, where they are easier to look at.
INLINE_BYTES = 1024
# How a weight's name tells the form in which the graph holds it; unpack.py reads them.
TRANSPOSED, HALF, BYTES, SCALE = '.transposed', '.f16', '.i8', '.scale'


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


def round_weights(module, to_bytes=False):
    """Round to what the files hold, so that module and graph are the same function; what float16 can't hold stays float32.

    With `to_bytes` the matrices of linear layers become int8 with a scale for each output: half the size again."""
    module.in_bytes = {}
    for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
        if to_bytes and tensor.ndim == 2 and name.endswith('.weight') and tensor.numel() * 2 >= INLINE_BYTES:
            values, scale = as_bytes(tensor.data.numpy())
            module.in_bytes[name] = values, scale
            tensor.data = torch.from_numpy(values.astype(np.float32) * scale)
        elif tensor.is_floating_point() and fits_half(tensor.data):
            tensor.data = tensor.data.half().float()
    return module.eval().requires_grad_(False)


def as_bytes(matrix):
    """[outputs, inputs] float32 → int8 values and scales [outputs, 1], whose product is the matrix, nearly.

    A scale has 11 bits, rounded up: times 127 it is exact, so that what was unpacked packs to the same bytes."""
    part, exponent = np.frexp(np.maximum(np.abs(matrix).max(1, keepdims=True) / 127, 1e-12))
    scale = np.ldexp(np.ceil(part * 2048) / 2048, exponent).astype(np.float32)
    return np.round(matrix / scale).astype(np.int8), scale


def fits_half(tensor):
    return float(tensor.abs().max()) <= np.finfo(np.float16).max


def export_graph(module, examples, inputs, outputs, dynamic, path, pool):
    """Trace `module(*examples)` and write it to `path`; names and dynamic axes as torch.onnx.export takes them.

    Weights are traced as inputs and set in afterwards: a graph that carries them may have 2 GiB at most."""
    buffer = io.BytesIO()
    # PyTorch 2.9 made another exporter the default, which knows neither this opset nor these options.
    legacy = {'dynamo': False} if 'dynamo' in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(module, examples, buffer, opset_version=OPSET, input_names=inputs, output_names=outputs,
                      dynamic_axes=dynamic, do_constant_folding=False, export_params=False, **legacy)
    model = onnx.load_from_string(buffer.getvalue())
    set_weights(model.graph, dict([*module.named_parameters(), *module.named_buffers()]), inputs, getattr(module, 'in_bytes', {}))
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
    onnx.checker.check_model(str(path))
    refuse_large_ranks(model)


def set_weights(graph, tensors, inputs, in_bytes):
    """Every input that is a weight becomes an initialiser: float16 and a Cast, or int8, a Cast and a scale; the runtime folds them when it loads
    the graph.

    A linear layer's weight is stored as its product needs it, transposed, where nothing else reads it; its name says so."""
    readers = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    initialisers, casts, dropped, renamed = list(graph.initializer), [], [], {}
    for value in [value for value in graph.input if value.name not in inputs]:
        name, array = value.name, tensors[value.name].detach().numpy()
        stored = in_bytes.get(name)
        only = readers.get(name, [])
        if len(only) == 1 and only[0].op_type == 'Transpose' and array.ndim == 2:
            array, name, stored = np.ascontiguousarray(array.T), name + TRANSPOSED, stored and tuple(np.ascontiguousarray(part.T) for part in stored)
            dropped.append(only[0].output[0])
            renamed[only[0].output[0]] = name
        if stored:
            initialisers += [numpy_helper.from_array(stored[0], name + BYTES), numpy_helper.from_array(stored[1], name + SCALE)]
            casts += [helper.make_node('Cast', [name + BYTES], [name + '.cast'], to=TensorProto.FLOAT),
                      helper.make_node('Mul', [name + '.cast', name + SCALE], [name])]
        elif array.nbytes >= INLINE_BYTES and array.dtype == np.float32 and np.abs(array).max() <= np.finfo(np.float16).max:
            initialisers.append(numpy_helper.from_array(array.astype(np.float16), name + HALF))
            casts.append(helper.make_node('Cast', [name + HALF], [name], to=TensorProto.FLOAT))
        else:
            initialisers.append(numpy_helper.from_array(array, name))
    # One order for all versions of this code, so that weights that stay leave their files as they are.
    initialisers.sort(key=lambda tensor: TRANSPOSED in tensor.name)
    kept = [value for value in graph.input if value.name in inputs]
    for node in graph.node:
        for i, name in enumerate(node.input):
            node.input[i] = renamed.get(name, name)
    nodes = [*casts, *(node for node in graph.node if node.output[0] not in dropped)]
    for field, items in ((graph.input, kept), (graph.node, nodes), (graph.initializer, initialisers)):
        copies = [type(item).FromString(item.SerializeToString()) for item in items]
        del field[:]
        field.extend(copies)


def refuse_large_ranks(model):
    """Execution providers of graphics cards stop at five dimensions (DirectML at eight, WebGPU kernels at five)."""
    for value in onnx.shape_inference.infer_shapes(model).graph.value_info:
        if len(value.type.tensor_type.shape.dim) > 5:
            raise ValueError(f'{value.name} has more than five dimensions')
