"""The environment in which libraries do without what processors have learnt since 2008."""

OLD_PROCESSOR = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V3",
    "OPENBLAS_CORETYPE": "Nehalem",
    "NUMBA_CPU_NAME": "generic",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX2_Usable,-FMA_Usable",
    "ATEN_CPU_CAPABILITY": "default",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2",
}
"""For x86: no AVX and no fused multiplication in numpy, OpenBLAS, the C library, numba, torch, JAX.

Whoever sets them sets ``NUMBA_CACHE_DIR`` to a folder of its own as well.
"""
