"""Torch parts the neural methods share, and where a training step spends its time.

MuSe-GNN, 1000 genes, 1000 cells, 50,000 edges, two threads, share of the step's time, measured when
the loops of attention took twice as long as now:

====================================  =================  ===================
part                                  masked attention   neighbour attention
====================================  =================  ===================
matrix products (decoder, maps)       47 %               65 %
attention, forward and backward       37 %               17 %
Mish                                  6 %                6 %
Adam, losses, norms, copies           10 %               12 %
step                                  200 ms             150 ms
====================================  =================  ===================

At 300 genes, 400 cells and 4500 edges, one thread, products are about half of a step, and
attention and the losses the most of the rest: sums of parts timed alone, on a busy machine.

The left column already has the factored decoder, fused maps and fused Adam; with message passing
the step takes 600 ms. GAE and VGAE spend two thirds of a step in products, WSMAE four fifths; MAE
half, and a quarter in drawing and applying its mask. MAE and WSMAE gain little over plain torch
(1.1-1.4 times) because plain torch does the same products.

Tried and not kept: compiled steps (`torch.compile`, no gain after 20-50 s of compiling), several
seeds as one batch on a CPU (0.8-0.9 of the speed for large graphs, 1.1-1.2 times for graphs of
300 genes), GraphNorm's gradient written out in torch (little gain), a gene's gradient of keys and
values gathered along mirrored edges (0.8 of the speed at 1000 genes, where the weights fit no
cache), bfloat16 throughout (gains no more than in the decoders alone, which is an option).
"""
