"""The outside world on one laptop: the hospital's own HIS, WeChat Pay, an SMS carrier, a courier
and the supervision platform, for demonstrations and tests. Imports no app of the platform.
"""
