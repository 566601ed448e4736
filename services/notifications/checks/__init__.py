"""The question: would this message go to this client on this channel now, and if not, why?"""
