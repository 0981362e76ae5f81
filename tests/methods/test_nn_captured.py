"""Training steps that are recorded once and repeated."""

import inspect
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import torch
from tape import TapeRecorder
from torch import nn
from untrained import untrained_seeds

from genearena.data.holdout import hide_edges
from genearena.methods._nn import training
from genearena.methods._nn.captured import CapturedSteps, CudaRecorder, own_stream
from genearena.methods._nn.draws import Draws
from genearena.methods._nn.seed_batch import Network, SeedBatch
from genearena.methods._nn.step import EagerSteps
from genearena.methods._nn.training import Schedule, adam, steps_of
from genearena.methods.device import on_device
from genearena.methods.gae import GAE
from genearena.methods.mae import MAE
from genearena.methods.musegnn import MuSeGNN
from genearena.methods.vgae import VGAE
from genearena.methods.wsmae import WSMAE

CASES = [
    pytest.param(method, settings, id="-".join((method.name, *map(str, settings.values()))))
    for method, settings in (
        (GAE, {}),
        (VGAE, {}),
        (MAE, {}),
        (MAE, {"loss_on": "masked"}),
        (WSMAE, {}),
        (WSMAE, {"precision": "bfloat16"}),
        (MuSeGNN, {"n_private": 5}),
        (MuSeGNN, {"n_private": 5, "precision": "bfloat16"}),
    )
]
DIM = 8  # too narrow for neighbour lists: attention is dense, as on a GPU


class Coin(nn.Module):
    """One number, 5 to begin with."""

    def __init__(self):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(5.0))

    def forward(self, target):
        return (self.value - target) ** 2


class CoinBatch(SeedBatch):
    """Steps towards 0.0, 1.0, 2.0 … in turn, encoder or decoder as the list of faces says."""

    def __init__(self, faces=(0,), seeds=1):
        networks = [Network(*(nn.ModuleList([Coin()]) for _ in "ed")) for _ in range(seeds)]
        super().__init__(networks, tensors=[None])
        self.faces = list(faces)
        self.turn = 0
        self.read = []

    def encode(self, position, members):
        raise NotImplementedError

    def draw(self, position, members):
        face = self.faces[self.turn % len(self.faces)]
        target = torch.full((len(members),), float(self.turn))
        self.turn += 1
        return Draws(((face, tuple(range(len(members)))),), (target,))

    def loss_given(self, position, members, draws):
        (target,) = draws.tensors
        self.read.append(target.data_ptr())
        ((face, _),) = draws.choices
        run = self.run_decoder if face else self.run_encoder
        return run(position, members, target).reshape(-1)


class Again:
    """Runs a step's own code again, and keeps what happened in order."""

    def __init__(self):
        self.log = []

    def record(self, work):
        self.log.append("record")

        def repeat():
            self.log.append("repeat")
            work()

        return repeat


def captured(batch, recorder, **options):
    """Return steps with rates 0.1 and 0.2."""
    return CapturedSteps(batch, adam(batch, Schedule(1, 0.1, 0.2)), recorder, **options)


def numbers(batch):
    """Return all weights of a batch."""
    return [p.detach().clone() for network in batch.networks for p in network.parameters()]


def assert_same_training(methods, collections, members, epochs):
    """Train plainly and by recordings, which must give the same bits; return the recorder."""

    def fresh():
        batch = untrained_seeds(methods, collections)
        return batch, adam(batch, Schedule(1, 1e-2, 1e-2))

    plain, other = EagerSteps(*fresh()), fresh()
    tape = TapeRecorder(*other)
    again = CapturedSteps(*other, tape)
    for _ in range(epochs):
        for position in range(len(collections[0])):
            assert torch.equal(plain(position, members), again(position, members))
    assert all(map(torch.equal, numbers(plain.batch), numbers(other[0])))
    return tape


@pytest.mark.parametrize(("method", "settings"), CASES)
def test_a_repeated_step_gives_the_numbers_of_a_plain_one(method, settings, graphs):
    """Operations repeated on fixed memory train to the same bits, with fresh draws every time."""
    methods = [method(dim=DIM, seed=seed, **settings) for seed in (0, 1)]
    tape = assert_same_training(methods, [graphs, graphs], [0, 1], epochs=10)
    assert tape.recorded >= len(graphs)
    assert tape.repeated > tape.recorded


@pytest.mark.parametrize("method", [GAE, WSMAE, MuSeGNN])
def test_seeds_with_edges_of_their_own_are_recorded_too(method, graphs):
    """Where one of three seeds has stopped, the others go on with their own edges."""
    pair = graphs.with_graphs(graphs.graphs[:2])
    collections = [hide_edges(pair, fraction=0.3, seed=seed)[0] for seed in range(3)]
    methods = [method(dim=DIM, seed=seed) for seed in range(3)]
    tape = assert_same_training(methods, collections, [0, 2], epochs=4)
    assert tape.recorded == 2


def test_the_first_step_is_plain_the_second_recorded_the_others_repeated():
    """One recording per step that comes up twice, each followed by its repetition."""
    recorder = Again()
    steps = captured(CoinBatch(), recorder)
    seen = [len(recorder.log) for _ in range(4) if steps(0, [0]) is not None]
    assert recorder.log == ["record", "repeat", "repeat", "repeat"]
    assert seen == [0, 2, 3, 4]


def test_every_choice_and_every_set_of_seeds_is_a_step_of_its_own():
    """Steps with other choices or fewer seeds are recorded apart."""
    recorder = Again()
    steps = captured(CoinBatch(faces=(0, 1), seeds=2), recorder)
    for members in ([0, 1], [0, 1], [1], [1]) * 2:
        steps(0, members)
    assert recorder.log == ["record", "repeat"] * 4


def test_a_repeated_step_reads_its_draws_from_one_place():
    """New draws are copied to where the recording looks for them."""
    batch = CoinBatch()
    steps = captured(batch, Again())
    losses = [float(steps(0, [0])) for _ in range(5)]
    eager = EagerSteps(other := CoinBatch(), adam(other, Schedule(1, 0.1, 0.2)))
    assert losses == [float(eager(0, [0])) for _ in range(5)]
    assert len(set(batch.read[1:])) == 1


@pytest.mark.parametrize("most", [0, 1])
def test_steps_beyond_the_limit_are_never_recorded(most):
    """A batch with ever new choices trains on, unrecorded and to the same numbers."""
    recorder, faces = Again(), (0, 1)
    steps = captured(batch := CoinBatch(faces), recorder, most=most)
    eager = EagerSteps(other := CoinBatch(faces), adam(other, Schedule(1, 0.1, 0.2)))
    for _ in range(8):
        assert torch.equal(steps(0, [0]), eager(0, [0]))
    assert recorder.log.count("record") == most
    assert numbers(batch) == numbers(other)


def test_a_recorded_step_leaves_alone_what_has_no_gradient():
    """The decoder's weight and moments do not change while only the encoder is trained."""
    batch = CoinBatch()
    optimizer = adam(batch, Schedule(1, 0.1, 0.2))
    steps = CapturedSteps(batch, optimizer, TapeRecorder(batch, optimizer))
    for _ in range(5):
        steps(0, [0])
    encoder, decoder = (p for p in batch.networks[0].parameters())
    assert decoder.item() == 5.0
    assert encoder.item() != 5.0
    assert decoder not in optimizer.state
    assert optimizer.state[encoder]["step"].item() == 5.0
    assert encoder.grad is None


class OwnLoss(CoinBatch):
    """A batch that may draw anywhere."""

    def loss(self, position, members):
        return super().loss(position, members)


@pytest.mark.parametrize(
    ("batch_class", "device", "want"),
    [
        (CoinBatch, "cpu", EagerSteps),
        (CoinBatch, "cuda", CapturedSteps),
        (OwnLoss, "cuda", EagerSteps),
    ],
)
def test_steps_are_recorded_on_cuda_where_the_batch_allows_it(
    monkeypatch, batch_class, device, want
):
    """On the CPU, and where a batch has a loss of its own, steps are done as they come."""
    monkeypatch.setattr(SeedBatch, "device", torch.device(device))
    monkeypatch.setattr(training, "CudaRecorder", Again)
    assert type(steps_of(batch_class(), None)) is want


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize(("method", "settings"), CASES)
def test_on_cuda_recorded_training_equals_plain_training(monkeypatch, method, settings, graphs):
    """CUDA graphs train to the vectors of the same operations launched one by one."""

    def vectors():
        with on_device("cuda"):
            return method(dim=DIM, epochs=20, **settings).fit(graphs).embed()

    recorded = vectors()
    monkeypatch.setattr(training, "steps_of", EagerSteps)
    for one, other in zip(recorded, vectors(), strict=True):
        torch.testing.assert_close(torch.tensor(one), torch.tensor(other), atol=1e-4, rtol=1e-4)


class FakeCuda:
    """Stands for torch.cuda: notes what is asked of it."""

    def __init__(self, monkeypatch):
        self.log = []
        self.now = "default"
        for name in ("CUDAGraph", "Stream", "current_stream", "graph_pool_handle", "stream"):
            monkeypatch.setattr(torch.cuda, name, getattr(self, name))
        self.signature = inspect.signature(torch.cuda.graph)
        monkeypatch.setattr(torch.cuda, "graph", self.graph)

    def graph_pool_handle(self):
        return "pool"

    def current_stream(self, device=None):
        return SimpleNamespace(name=self.now, wait_stream=self._waits(self.now))

    def Stream(self, device):
        return SimpleNamespace(name="own", wait_stream=self._waits("own"))

    def CUDAGraph(self):
        return SimpleNamespace(replay=lambda: self.log.append("replay"))

    @contextmanager
    def stream(self, stream):
        before, self.now = self.now, stream.name
        yield
        self.now = before

    @contextmanager
    def graph(self, *args, **kwargs):
        asked = self.signature.bind(*args, **kwargs).arguments
        self.log.append(f"capture on {asked['stream'].name} in {asked['pool']}")
        yield

    def _waits(self, name):
        return lambda other: self.log.append(f"{name} waits for {other.name}")


def test_cuda_graphs_share_a_pool_on_a_stream_of_their_own(monkeypatch):
    """Captures use one pool and the stream that also does the plain steps; errors leave it."""
    cuda = FakeCuda(monkeypatch)

    def training():
        with own_stream(torch.device("cuda")):
            recorder = CudaRecorder()
            replays = [recorder.record(lambda: cuda.log.append("work")) for _ in range(2)]
            replays[0]()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        training()
    captured_once = ["capture on own in pool", "work"]
    assert cuda.log == [
        "own waits for default",
        *captured_once * 2,
        "replay",
        "default waits for own",
    ]
