"""Words as search sees them: lower case, without accents, stemmed, function words left out."""

from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

ANALYZER = "terms"
"""The name under which the analyzer is registered with tantivy."""

# What a question is put together with, and carries nothing that could be looked up. Contractions
# appear as the tokenizer leaves them ("don't" is "don" and "t").
FUNCTION_WORDS = (
    "a about after again all also am an and any are aren as at be because been before being both "
    "but by can could couldn d did didn do does doesn doing don during each else ever every few "
    "for from further give had hadn has hasn have haven having he her here hers herself him "
    "himself his how i if in into is isn it its itself just ll m many may me might more most much "
    "must my myself nor not of off on once only or other ought our ours ourselves out over own "
    "please re s said same say says shall she should shouldn so some such t tell than that the "
    "their theirs them themselves then there these they this those through to too under until up "
    "upon us ve very was wasn we were weren what whatever when where whether which while who whom "
    "whose why will with won would wouldn yet you your yours yourself yourselves"
).split()


@lru_cache(maxsize=1)
def analyzer() -> TextAnalyzer:
    """Return the analyzer that both the word view and the reader use."""
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(60))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.custom_stopword(FUNCTION_WORDS))
        .filter(Filter.stemmer("english"))
        .build()
    )


def terms(text: str) -> list[str]:
    """Return the content words of `text` as search sees them, in order, repeats included."""
    return list(analyzer().analyze(text))
