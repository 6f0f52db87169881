"""WHAT IS A MAIL? Bytes become a `Mail`; nothing here touches a disk, a network or the clock."""
