import torch
from poolkit.regions import roi_align


def roi_align_plane(x, box, outputs, samples, operation):
    corners = torch.tensor([[0.0, *box]], dtype=torch.float64)
    plane = torch.from_numpy(x).double()[None, None]
    return roi_align(plane, corners, outputs, sampling_ratio=samples, aligned=True)[0, 0].numpy()
