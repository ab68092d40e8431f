"""What the public answered 公众意见: taken without an account, followed with a receipt code, dealt with as a petition."""
