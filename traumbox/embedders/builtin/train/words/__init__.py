"""The words people have for what can be heard: tables only, read by ``concepts`` and ``captions``.

A row of a table is a concept's name, its English wordings and its German ones, separated by
semicolons, the plainest first. Marks: ``/m /f /n /p`` is a German noun's gender (p: plural),
``+`` before a wording says it is an adjective, ``~`` that it comes after the noun, and
``dunkel|dunkl`` gives the stem that takes the endings.
"""
