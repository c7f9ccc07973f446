"""Understanding a villager's message. The only package that knows jieba."""

from handlers.topic.categories import Categories, Category
from handlers.topic.errors import RuleSetError
from handlers.topic.normalise import NormalisedText, Normaliser
from handlers.topic.places import PlaceName
from handlers.topic.route import Route
from handlers.topic.understanding import Understanding
from handlers.topic.word import Candidate, Word

__all__ = [
    "Candidate",
    "Categories",
    "Category",
    "NormalisedText",
    "Normaliser",
    "PlaceName",
    "Route",
    "RuleSetError",
    "Understanding",
    "Word",
]
