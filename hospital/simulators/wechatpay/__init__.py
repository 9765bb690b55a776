"""WeChat Pay's merchant interface (API v3) with a paying page for people."""
