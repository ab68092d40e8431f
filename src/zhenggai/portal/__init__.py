"""The public side 公开栏: notices as everybody may read them, found, taken along and answered, without signing in."""
