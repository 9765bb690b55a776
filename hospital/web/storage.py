"""Static files with their content's hash in the name, so that browsers may keep them for ever.

A room's modules live in `static/<room>/js/`; their imports are rewritten to the hashed names too.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]


class Statics(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    # Unrewritten, `import "./app.js"` names the unhashed file: a second copy of the module would
    # run beside the page's own, and every click would count twice. Not `*.js`: what vendors ship
    # imports names that do not exist here.
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("*/js/*.js", _IMPORTS))
