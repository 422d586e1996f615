"""What runs inside the sandbox. Mounted there by itself: these files import nothing of the course's trusted side.

`serve` is the warm server, `jail` shuts one notebook in, `watch` waits for its end, `cells` runs it in a forked
IPython shell, `kernel` in a real ipykernel. All of it may be taken over by the notebook it runs, so that nothing it
says is believed: it only carries outputs, which the trusted side bounds and cleans.
"""
