"""A slider with a sentence under it; in a file of its own, because ipywidgets takes a moment to load."""

from collections.abc import Callable

import ipywidgets

__all__ = ["slider_with_line"]


def slider_with_line(span: tuple[int, int, int], sentence: str, follow: Callable[[int], str]) -> ipywidgets.VBox:
    """A slider from the first to the last number of a span, standing at the middle one, and the sentence for it."""
    lowest, now, highest = span
    slider = ipywidgets.IntSlider(value=now, min=lowest, max=highest, description="Block height")
    slider.layout.width, slider.style.description_width = "100%", "7em"
    line = ipywidgets.HTML(sentence)
    slider.observe(lambda change: setattr(line, "value", follow(change["new"])), names="value")
    return _WithSentence([slider, line])


class _WithSentence(ipywidgets.VBox):
    """A box that shows its last line where widgets cannot be shown."""

    def _repr_mimebundle_(self, **kwargs):
        sentence = self.children[-1].value
        return {**super()._repr_mimebundle_(**kwargs), "text/html": f"<p>{sentence}</p>", "text/plain": sentence}
