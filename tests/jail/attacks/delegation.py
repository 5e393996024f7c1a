"""Attacks that call pooling of torch (by many names) or of other libraries instead of implementing it."""

from tests.jail.attacks.attack import Attack

KIND = "delegation"
IMPORT = "import importlib.util, sys, glob"


def _torch(name: str, says: str, body: str) -> Attack:
    """An attack that the patched dispatcher of torch refuses, with or without a sandbox."""
    return Attack(name, KIND, says, f"{body}\nreturn y", "3.6", bare=False)


def _numpy(name: str, says: str, body: str, bare: bool = True) -> Attack:
    return Attack(name, KIND, says, body, bare=bare)


FINDERS = (
    "finders = [inner for one in sys.meta_path for inner in getattr(one, 'finders', [one])]\n"
    "sys.meta_path[:] = [one for one in finders if 'poolgrader' not in type(one).__module__]\n"
    "for name in [name for name, one in sys.modules.items() if type(one).__name__ == 'Names']:\n"
    "    del sys.modules[name]\n"
)

ATTACKS = (
    _torch(
        "functional",
        "torch.nn.functional.max_pool2d",
        "import torch.nn.functional as F\ny = F.max_pool2d(x, kernel_size, stride)",
    ),
    _torch("module", "torch.nn.MaxPool2d", "import torch\ny = torch.nn.MaxPool2d(kernel_size, stride)(x)"),
    _torch("torch_name", "torch.max_pool2d", "import torch\ny = torch.max_pool2d(x, kernel_size, stride)"),
    _torch(
        "aten",
        "torch.ops.aten.max_pool2d_with_indices",
        "import torch\ny = torch.ops.aten.max_pool2d_with_indices(x, [kernel_size] * 2, [stride] * 2)[0]",
    ),
    _torch(
        "c_function",
        "torch._C._nn.max_pool2d_with_indices",
        "import torch\ny = torch._C._nn.max_pool2d_with_indices(x, [kernel_size] * 2, [stride] * 2)[0]",
    ),
    _torch(
        "pool_3d",
        "max_pool3d over a depth of one",
        "import torch\ny = torch.max_pool3d(x[:, :, None], (1, kernel_size, kernel_size), (1, stride, "
        "stride))[:, :, 0]",
    ),
    _torch(
        "scripted",
        "a function compiled by torch.jit",
        "import torch\ny = torch.jit.trace(lambda t: torch.max_pool2d(t, kernel_size, stride), x, "
        "check_trace=False)(x)",
    ),
    _torch(
        "redispatch",
        "the kernel below autograd, by its dispatch key",
        "import torch\nkeys = torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)\ny = "
        "torch.ops.aten.max_pool2d_with_indices.default.redispatch(keys, x, [kernel_size] * 2, [stride] * "
        "2)[0]",
    ),
    _torch(
        "modes_off",
        "with all Python modes of the dispatcher off",
        "import torch\nfrom torch.utils._mode_utils import no_dispatch\nwith no_dispatch():\n    y = "
        "torch.max_pool2d(x, kernel_size, stride)",
    ),
    _torch(
        "mkldnn",
        "the operator of another backend",
        "import torch\ny = torch.mkldnn_max_pool2d(x.float().detach().to_mkldnn(), kernel_size, "
        "stride).to_dense().to(x)",
    ),
    _torch(
        "collected",
        "destroying every registration that the collector knows",
        "import gc, torch\nfor one in gc.get_objects():\n    if type(one).__name__ == 'Library' and "
        "getattr(one, 'ns', '') == 'aten':\n        one._destroy()\ny = torch.max_pool2d(x, kernel_size, "
        "stride)",
    ),
    _torch(
        "inference",
        "inference mode, then a hand-made gradient",
        "import torch\nwith torch.inference_mode():\n    y = torch.max_pool2d(x.detach().clone(), "
        "kernel_size, stride)\ny = y.clone()",
    ),
    _torch(
        "decomposition",
        "the pooling in Python that torch keeps for its compiler",
        "from torch._decomp import decompositions\ny = decompositions.max_pool2d_with_indices(x, "
        "[kernel_size] * 2, [stride] * 2)[0]",
    ),
    _torch(
        "decomposition_table",
        "the same, out of the table that lists it",
        "import torch\nfrom torch._decomp import get_decompositions\nname = "
        "torch.ops.aten.max_pool2d_with_indices.default\ny = get_decompositions([name])[name](x, "
        "[kernel_size] * 2, [stride] * 2)[0]",
    ),
    _torch(
        "python_kernels",
        "the dispatcher's kernels in Python",
        "import torch\nfrom torch._dispatch.python import enable_python_dispatcher\nwith "
        "enable_python_dispatcher():\n    y = torch.max_pool2d(x, kernel_size, stride)",
    ),
    _torch(
        "compiler",
        "the compiler's own pooling, past the refusal of names",
        FINDERS + "from torch._inductor.decomposition import max_pool2d_with_indices as pool\ny = pool(x, "
        "[kernel_size] * 2, [stride] * 2)[0]",
    ),
    _torch(
        "batched",
        "pooling through torch.func.vmap",
        "import torch\ny = torch.func.vmap(lambda one: torch.max_pool2d(one, kernel_size, stride))(x)",
    ),
    _torch(
        "area",
        "pooling under another name: interpolation by areas",
        "import torch.nn.functional as F\ny = F.interpolate(-x, size=[(x.shape[i] - kernel_size) // stride + "
        "1 for i in (2, 3)], mode='area')\ny = F.max_pool2d(x, kernel_size, stride)",
    ),
    _torch(
        "power", "a mean of a high power", "import torch\ny = torch.nn.LPPool2d(64, kernel_size, stride)(x)"
    ),
    _torch(
        "adaptive",
        "adaptive and fractional pooling",
        "import torch\nsize = [(x.shape[i] - kernel_size) // stride + 1 for i in (2, 3)]\ntry:\n    y = "
        "torch.nn.AdaptiveMaxPool2d(size)(x)\nexcept RuntimeError:\n    y = "
        "torch.nn.FractionalMaxPool2d(kernel_size, size)(x)",
    ),
    _torch(
        "static_runtime",
        "the static runtime, which has kernels of its own",
        "import torch\ngraph = torch._C.parse_ir('graph(%x, %k : int[], %s : int[]):\\n  %p : int[] = "
        "prim::Constant[value=[0, 0]]()\\n  %d : int[] = prim::Constant[value=[1, 1]]()\\n  %c : bool = "
        "prim::Constant[value=0]()\\n  %y : Tensor = aten::max_pool2d(%x, %k, %s, %p, %d, %c)\\n  return "
        "(%y)')\ny = torch._C._jit_to_static_module(graph)(x, [kernel_size] * 2, [stride] * 2)",
    ),
    _torch(
        "fused",
        "a graph in torch's own language, for the fuser of oneDNN",
        "import "
        "torch\ntorch._C._jit_set_llga_enabled(True)\ntorch._C._jit_set_profiling_executor(False)\ngraph = "
        "torch._C.parse_ir('graph(%x, %k : int[], %s : int[]):\\n  %p : int[] = prim::Constant[value=[0, "
        "0]]()\\n  %d : int[] = prim::Constant[value=[1, 1]]()\\n  %c : bool = prim::Constant[value=0]()\\n"
        "  %y : Tensor = aten::max_pool2d(%x, %k, %s, %p, %d, %c)\\n  return (%y)')\ny = "
        "torch._C._create_function_from_graph('pool', graph)(x, [kernel_size] * 2, [stride] * 2)",
    ),
    _torch(
        "lazy",
        "the lazy backend, which works out graphs later",
        "import torch\nimport torch._lazy.ts_backend\ntorch._lazy.ts_backend.init()\ny = "
        "torch.max_pool2d(x.to('lazy'), kernel_size, stride).cpu()",
    ),
    _torch(
        "compile_eager",
        "torch.compile, with a backend that needs no compiler",
        "import torch\ny = torch.compile(lambda t: torch.max_pool2d(t, kernel_size, stride), "
        "backend='eager')(x)",
    ),
    _torch(
        "fallen_through",
        "the refusal covered by a kernel that falls through to the next",
        "import torch\nlibrary = torch.library.Library('aten', 'IMPL')\nfor name in ('max_pool2d', "
        "'max_pool2d_with_indices'):\n    for key in ('CPU', 'AutogradCPU', 'CompositeImplicitAutograd'):\n"
        "        try:\n            library.impl(name, torch.library.fallthrough_kernel, key, "
        "allow_override=True)\n        except RuntimeError:\n            pass\ny = torch.max_pool2d(x, "
        "kernel_size, stride)",
    ),
    _torch(
        "fetched",
        "the dispatcher asked for its kernel",
        "import torch\nkeys = torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)\nkernel = "
        "torch.library.get_kernel('aten::max_pool2d_with_indices', 'CPU')\ny = kernel.call_boxed(keys, "
        "x.detach(), [kernel_size] * 2, [stride] * 2)[0]",
    ),
    _torch(
        "every_key",
        "every dispatch key there is, in turn",
        "import torch\nfor name in dir(torch._C.DispatchKey):\n    try:\n        keys = "
        "torch._C.DispatchKeySet(getattr(torch._C.DispatchKey, name))\n        y = "
        "torch.ops.aten.max_pool2d_with_indices.default.redispatch(keys, x.detach(), [kernel_size] * 2, "
        "[stride] * 2)[0]\n    except Exception:\n        continue\n    if y.shape == right(x, kernel_size, "
        "stride).shape and torch.equal(y, right(x, kernel_size, stride)):\n        break\nelse:\n    raise "
        "PermissionError",
    ),
    _torch(
        "nested_tensors",
        "nested and quantized tensors",
        "import torch\ntry:\n    y = torch.stack(torch.max_pool2d(torch.nested.nested_tensor(list(x)), "
        "kernel_size, stride).unbind())\nexcept RuntimeError:\n    y = "
        "torch.max_pool2d(torch.quantize_per_tensor(x.float(), 0.01, 0, torch.quint8), kernel_size, "
        "stride).dequantize().to(x)",
    ),
    _numpy(
        "import_torch",
        "torch in a numpy question",
        FINDERS + "import torch\ny = torch.max_pool2d(torch.tensor(x)[None, None], kernel_size, 1)",
        bare=False,
    ),
    _numpy(
        "import_poolkit",
        "the reference package, past the refusal of its name",
        FINDERS + "sys.path[:0] = ['REPOSITORY']\nimport poolkit.reference",
    ),
    _numpy(
        "import_scipy",
        "scipy.ndimage, past the refusal",
        FINDERS + "sys.path += ['SITE']\nimport scipy.ndimage",
    ),
    _numpy(
        "import_skimage",
        "skimage.measure.block_reduce, past the refusal",
        FINDERS + "sys.path += ['SITE']\nimport skimage.measure",
    ),
    _numpy(
        "load_by_path",
        "the reference loaded from its file",
        f"{IMPORT}\nspec = importlib.util.spec_from_file_location('w', "
        "'REPOSITORY/poolkit/windows.py')\nspec.loader.get_data('REPOSITORY/poolkit/windows.py')",
    ),
    _numpy(
        "questions",
        "the grader's own questions",
        FINDERS + "for name in [n for n in sys.modules if n.startswith('poolgrader')]:\n    del "
        "sys.modules[name]\nsys.path[:0] = ['REPOSITORY', 'SITE']\nimport poolgrader.questions.question",
        bare=False,
    ),
)
