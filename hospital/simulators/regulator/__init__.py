"""The supervision platform that receives what the internet hospital must report."""
