"""The wire to WeChat and WeCom: callbacks in, replies back, calls out."""
