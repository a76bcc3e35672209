"""What all pages are registered on."""

from flask import Blueprint

blueprint = Blueprint("pages", __name__)
